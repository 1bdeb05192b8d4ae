"""nlu: pages."""
