"""benchmarks.delivery: how long a message takes between customer and representative, with many widgets open."""
