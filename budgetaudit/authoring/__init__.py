"""Help for those who write rules: lint, cases, a first draft from a file."""
