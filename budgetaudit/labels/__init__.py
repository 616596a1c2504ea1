"""From a grid to a labelled table: which cells are labels, what they mean, and which unit they give."""
