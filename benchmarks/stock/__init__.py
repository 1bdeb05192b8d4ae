"""benchmarks.stock: a Rasa bot as Rasa's own documentation builds one, on the same articles."""
