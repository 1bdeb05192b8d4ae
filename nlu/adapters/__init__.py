"""nlu: where the room touches the world. Rasa's processes, HTTP, files of trained models."""
