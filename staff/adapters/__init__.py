"""staff: its tables, the password hasher, the counting of attempts."""
