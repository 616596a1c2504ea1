"""Audit public budgets and their execution: find where a document contradicts itself."""

__version__ = "0.1.0"
