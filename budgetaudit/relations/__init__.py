"""Finding relations among the lines of a table by arithmetic alone: matrix, generate, score, select."""
