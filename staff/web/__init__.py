"""staff: sign-in, own account, accounts and audit pages, and the gate every room's routes ask."""
