"""Readers deliver what is printed, and nothing more: `read(path)` gives a `Document` in reading order."""
