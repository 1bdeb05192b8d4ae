"""nlu: language to meaning. Knows nothing of conversations, articles or people."""
