"""One contradiction is told once, whichever rules see it."""

from __future__ import annotations

from tests.sample_audit import audit_text
