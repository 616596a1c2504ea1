"""From failed comparisons to their causes: which figure is probably wrong, and what it should say."""
