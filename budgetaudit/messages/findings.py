"""Texts of the findings: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {}
