"""tests: servers, clocks and waiting that several rooms' tests share."""
