"""deploy: sets a machine up and checks the house's rules. Imports no room and, to set up, no library."""
