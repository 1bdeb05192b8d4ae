"""knowledge_base: FAQ articles, their life, search and calibration. Knows nothing of conversations or agents."""
