"""Which lines of a table are sums, rates or changes of others, by their labels and by arithmetic alone."""
