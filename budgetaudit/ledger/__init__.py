"""Ledgers: rules over the columns of files with millions of rows."""
