"""Rule files: read strictly, with expressions parsed and evaluated, and described to people and editors."""
