"""cases: the pages of the complaint files."""
