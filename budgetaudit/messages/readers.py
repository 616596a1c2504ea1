"""Texts of the readers: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {}
