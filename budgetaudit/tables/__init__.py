"""From a grid to a table: which cells are labels, what they mean, and which lines are sums of which."""
