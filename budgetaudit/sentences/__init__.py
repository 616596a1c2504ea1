"""Figures that stand in sentences, bullets and cells of prose: numbers with spans, and what the words around them say."""
