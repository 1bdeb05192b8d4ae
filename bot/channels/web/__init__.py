"""bot: the website's channel: the widget, its socket, and plain HTTP for clients without sockets."""
