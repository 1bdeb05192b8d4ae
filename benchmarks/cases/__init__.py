"""benchmarks.cases: lists, search and reports over many complaint files."""
