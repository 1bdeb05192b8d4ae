"""nlu.rasa: our parts inside the Rasa server (Python 3.10). Never imported by the desk; knows nothing of us."""
