"""benchmarks.index: what a million question vectors and a hundred thousand articles cost on this machine."""
