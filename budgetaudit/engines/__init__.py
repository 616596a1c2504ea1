"""Engines: one linear form of every rule over columns, and three ways to run it."""
