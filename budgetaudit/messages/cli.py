"""Texts of the cli: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {}
