"""Rules over rows: which rows, sums per group, keys matched to another file; the same for tables and for ledgers."""
