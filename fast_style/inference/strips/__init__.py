"""Pictures larger than memory: every layer goes over the rows, strip by strip."""
