"""How long properties search: a few examples by day, many by night, and many fresh ones when exploring.

By day (the default) a test draws a fortieth of what it asks for, always the same examples, so that the suite stays short.
`--hypothesis-profile=nightly` draws all of them, `--hypothesis-profile=explore` ten times as many, new ones each time.
"""

from __future__ import annotations

from hypothesis import settings

DAY, EXPLORE = 40, 10  # a fortieth by day, tenfold when exploring
FEWEST = 5


def examples(count: int) -> int:
    """How many examples to draw of a test that wants `count` of them by night."""
    profile = settings.get_current_profile_name()
    if profile == "day":
        return max(FEWEST, count // DAY)
    return count * EXPLORE if profile == "explore" else count
