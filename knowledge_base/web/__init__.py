"""knowledge_base: the editors' pages and the HTTP interface beside them."""
