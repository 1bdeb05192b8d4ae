"""staff: accounts, roles, sign-in, audit trail. Knows nothing of the rooms above it."""
