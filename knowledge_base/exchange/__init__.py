"""knowledge_base: articles to files and back."""
