"""One pass a file, each a pure function from Function to Function; the pipeline, in `api.py`, calls them in order."""
