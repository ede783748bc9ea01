"""The HTTP API: one module for each of its nouns."""
