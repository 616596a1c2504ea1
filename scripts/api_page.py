"""docs/api.md: the public interface, from the signatures, docstrings and field comments of the source.

The source is read, not imported, for a comment behind a field is what says its unit and shape.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "budgetaudit"
# In the order in which a reader meets them: module, names.
PUBLIC = {
    "pipeline.py": ("audit",),
    "model.py": (
        *("Audit", "Finding", "Quantity", "Unit", "Place", "Suspect", "Comparison", "Figure", "InputSummary", "Problem"),
        *("RuleTally", "RuleError", "RuleSummary", "Message"),
    ),
    "frames.py": ("Frames",),
    "rulefiles/strict_yaml.py": ("RuleFileError",),
}
HEAD = """\
<!-- Generated from the docstrings of budgetaudit/ by `nox -s generate`; change those. -->

# The Python interface

`import budgetaudit` gives `audit` and the types below; all are typed (`py.typed`). What is not on this page is not public and
may change in any release. [How it changes](#how-it-changes) says what is promised for the rest.
"""
POLICY = """\
## How it changes

- Versions are `MAJOR.MINOR.PATCH`. While the major version is 0, a minor release may change this interface, as follows.
- Nothing is removed at once. A name, argument or field is first deprecated: for at least two minor releases using it gives a
  `DeprecationWarning` that names the replacement and the release that removes it. The changelog lists both under *Removed*.
- New fields come at the end of a type, with a default. Do not unpack a type or count its fields.
- The same holds for the JSON report, the columns of CSV reports and frames, rule files, options and exit codes.
- Ids of rules are never reused. A retired rule keeps its id and says since when it is retired.
- **Verdicts may change in any release**: reading documents better is what releases are for. The changelog names the rule.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for module, names in PUBLIC.items():
        source = (PACKAGE / module).read_text(encoding="utf-8")
        found = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
        for name in names:
            node = found[name]
            parts += _function(node) if isinstance(node, ast.FunctionDef) else _class(node, source.splitlines())
    return "\n".join([*parts, POLICY])


def _function(node: ast.FunctionDef, heading: str = "##") -> Iterator[str]:
    arguments = ast.unparse(node.args).replace("self, ", "").replace("self", "")
    returned = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    yield f"{heading} {node.name}\n\n```python\n{node.name}({arguments}){returned}\n```\n\n{ast.get_docstring(node)}\n"


def _class(node: ast.ClassDef, lines: list[str]) -> Iterator[str]:
    yield f"## {node.name}\n\n{ast.get_docstring(node)}\n"
    rows = [_field(statement, lines) for statement in node.body if isinstance(statement, ast.AnnAssign)]
    rows += [_property(inner) for inner in node.body if isinstance(inner, ast.FunctionDef) and _decorated(inner)]
    if rows := [row for row in rows if row]:
        yield "| Field | Type | |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_") and not _decorated(inner):
            yield from _function(inner, "###")


def _field(statement: ast.AnnAssign, lines: list[str]) -> str:
    """A row of the table: name, type, and the comment behind the field."""
    comment = re.search(r"  # (.*)$", lines[(statement.end_lineno or 1) - 1])
    return _row(ast.unparse(statement.target), ast.unparse(statement.annotation), comment[1] if comment else "")


def _property(node: ast.FunctionDef) -> str:
    return _row(node.name, ast.unparse(node.returns) if node.returns else "", ast.get_docstring(node) or "")


def _row(name: str, kind: str, text: str) -> str:
    return "| `{}` | `{}` | {} |".format(name, kind.replace("|", "\\|"), " ".join(text.split()).replace("|", "\\|"))


def _decorated(node: ast.FunctionDef) -> bool:
    """True if the function is a property."""
    return any(isinstance(mark, ast.Name) and mark.id in ("property", "cached_property") for mark in node.decorator_list)
