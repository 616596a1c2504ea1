"""Texts of the rulefiles: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {}
