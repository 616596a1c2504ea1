"""Write what is generated from rules, cases and docstrings; `--check` only says what is out of step (exit code 1).

rules/README.md (the catalogue), rules/schema.json (for editors), docs/rules/ (one page a rule), docs/api.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from budgetaudit import vocabulary  # noqa: E402 - the package of this clone, whatever is installed
from budgetaudit.kinds import KINDS  # noqa: E402
from budgetaudit.rulefiles import rule_schema  # noqa: E402
from budgetaudit.rulefiles.catalogue import markdown  # noqa: E402
from budgetaudit.rulefiles.rulefile import load, packs  # noqa: E402
from scripts import api_page, rule_pages  # noqa: E402


def generated() -> Iterator[tuple[Path, str]]:
    """Every generated file of the repository with what should be in it."""
    options = {name: kind.options for name, kind in KINDS.items()}
    rulesets = {pack: load(pack, options) for pack in packs()}
    yield ROOT / "rules" / "README.md", markdown(rulesets)
    yield ROOT / "rules" / "schema.json", rule_schema.text(options, vocabulary.load())
    yield ROOT / "docs" / "api.md", api_page.page()
    for name, text in rule_pages.pages(rulesets, ROOT / "tests" / "cases"):
        yield ROOT / "docs" / "rules" / name, text


def out_of_step() -> list[str]:
    """Generated files that are missing or differ, and pages of rules that are gone."""
    wanted = dict(generated())
    gone = set((ROOT / "docs" / "rules").glob("*.md")) - set(wanted)
    changed = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    return sorted(path.relative_to(ROOT).as_posix() for path in (*changed, *gone))


def main() -> None:
    """Write the files, or with `--check` name those that differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what is out of step")
    if parser.parse_args().check:
        sys.exit("\n".join(f"{name}: run nox -s generate" for name in out_of_step()) or None)
    wanted = dict(generated())
    for path in (ROOT / "docs" / "rules").glob("*.md"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
