"""kit: the web shell every room's pages share: templates, errors, security, sockets, style. Knows no room."""
