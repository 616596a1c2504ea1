"""Texts of the reports: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {}
