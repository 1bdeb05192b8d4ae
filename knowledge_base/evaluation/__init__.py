"""knowledge_base.evaluation: measures the production search on anybody's questions."""
