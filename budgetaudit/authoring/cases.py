"""Cases of rules: small tables with what a rule must say of them, run through the engine of `check`.

Cases stand beside their rules: `my-rules.cases.yaml` maps rule ids to cases, a folder of cases has one file `<rule id>.yaml`
for each. A case states passed, rounding, missing and findings exactly; what it does not state is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from budgetaudit.findings import findings
from budgetaudit.model import Cell, Document, Finding, Grid, Message, Paragraph, Severity, Verdict
from budgetaudit.pipeline import audit_document, gather, vocabulary_of
from budgetaudit.readers.lines import blocks
from budgetaudit.rulefiles.rule import Rule, RuleSet
from budgetaudit.rulefiles.strict_yaml import Fault, MappingNode, Node, RuleFileError, SequenceNode, read
from budgetaudit.rulefiles.typed_yaml import TypedReader, found_noun, shape
from budgetaudit.vocabulary import Vocabulary

SUFFIX = ".cases.yaml"
NAME = "case"
VERDICTS: Mapping[str, Verdict] = {"passed": "pass", "rounding": "rounding", "missing": "not_evaluated"}
# A case may speak as the report does: its words → the keys here.
REPORTED = {"pass": "passed", "not_evaluated": "missing", "stated": "actual"}
AT = re.compile(r"(?:(\d{1,4}):)?([A-Z]{1,3}\d{1,6}|line \d{1,6})")


@dataclass(frozen=True, slots=True)
class ExpectedFinding:
    """A finding a case expects: where (`B2`, `2:B2` in the second table, `line 3`), what should stand there, what does."""

    at: str
    actual: Decimal
    expected: Decimal | None = None
    severity: Severity | None = None

    def __str__(self) -> str:
        parts = (f"at: {self.at}", f"stated: {_plain(self.actual)}", f"expected: {_plain(self.expected)}")
        return "{" + ", ".join((*parts, *([f"severity: {self.severity}"] if self.severity else []))) + "}"


@dataclass(frozen=True, slots=True)
class Case:
    """A table (cells between bars, other lines are captions) or a text, and what the rule says of it."""

    table: str = ""
    text: str = ""
    passed: int = 0
    rounding: int = 0
    missing: int = 0
    findings: tuple[ExpectedFinding, ...] = ()
    rule: str = field(default="", metadata={"read": False})
    name: str = field(default="", metadata={"read": False})
    file: str = field(default="", metadata={"read": False})
    line: int = field(default=0, metadata={"read": False})

    @property
    def kinds(self) -> frozenset[str]:
        """What of `passing`, `failing` and `blank` the case shows; a blank is a cell of the table with nothing in it."""
        shows = {"passing": bool(self.passed or self.rounding), "failing": bool(self.findings), "blank": _has_blank(self.table)}
        return frozenset(kind for kind, shown in shows.items() if shown)


def load(path: str | Path) -> tuple[Case, ...]:
    """The cases of a file or a folder; raises RuleFileError with every fault found."""
    path = Path(path)
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    faults: list[Fault] = []
    cases: list[Case] = []
    for file in files:
        reader = TypedReader(str(file))
        try:
            root = read(file, str(file))
        except RuleFileError as error:
            faults.extend(error.faults)
            continue
        rules = _mapping(root, reader).items() if file.name.endswith(SUFFIX) else [(file.stem, (root.line, root))]
        for rule, (_, node) in rules:
            reader.rule = rule
            cases.extend(_cases(rule, node, reader))
        faults.extend(reader.faults)
    if faults:
        raise RuleFileError(*faults)
    return tuple(cases)


def beside(spec: str) -> Path | None:
    """Where the cases of a rule file stand if nothing else is said; None if there are none."""
    path = Path(spec)
    for candidate in (path.with_name(path.stem + SUFFIX), path.parent / "cases"):
        if path.suffix in (".yaml", ".yml") and candidate.exists():
            return candidate
    return None


def run(cases: Sequence[Case], ruleset: RuleSet) -> Iterator[Fault]:
    """What each case says otherwise than its rule does; nothing if all is as stated."""
    words = vocabulary_of(ruleset)
    for case in cases:
        rule = ruleset.find(case.rule)
        if rule is None:
            yield Fault(case.file, case.line, Message("case-no-rule", {"rule": case.rule}), case.rule)
        else:
            yield from _differences(case, rule, ruleset, words)


def unshown(cases: Sequence[Case], ruleset: RuleSet) -> Iterator[Fault]:
    """Each rule that lacks a passing, a failing or a blank case."""
    shown: dict[str, set[str]] = {}
    for case in cases:
        shown.setdefault(case.rule, set()).update(case.kinds)
    for rule in ruleset.active():
        lacking = [Message(f"case-{kind}") for kind in ("passing", "failing", "blank") if kind not in shown.get(rule.id, ())]
        for kind in lacking:
            yield Fault(rule.file, rule.line, Message("case-lacking", {"kind": kind}), rule.id)


# --- reading -----------------------------------------------------------------------------------


def _mapping(node: Node, reader: TypedReader) -> Mapping[str, tuple[int, Node]]:
    if isinstance(node, MappingNode):
        return {key.text: (key.line, value) for key, value in node.entries()}
    reader.fault(node.line, "wrong-type", key=NAME, expected=Message("type-mapping"), found=found_noun(node))
    return {}


def _cases(rule: str, node: Node, reader: TypedReader) -> Iterator[Case]:
    for name, (line, value) in _mapping(node, reader).items():
        if not isinstance(value, MappingNode):
            reader.fault(value.line, "wrong-type", key=name, expected=Message("type-mapping"), found=found_noun(value))
            continue
        value = _renamed(value)
        given = reader.values(value, Case, reader.check_keys(value, shape(Case)))
        if given is None:
            continue
        case = Case(**given, rule=rule, name=name, file=reader.file, line=line)
        if not (case.table or case.text):
            reader.fault(line, "missing-key", key="table", expected=Message("type-text"))
        for expected in case.findings:
            if not AT.fullmatch(expected.at):
                reader.fault(line, "case-at", at=expected.at)
        yield case


def _renamed(node: Node) -> Any:
    """The node with the report's words for the keys of a case."""
    if isinstance(node, SequenceNode):
        return SequenceNode(tuple(_renamed(item) for item in node.items), node.line)
    if not isinstance(node, MappingNode):
        return node
    pairs = {}
    for name, value in node.entries():
        key = name._replace(text=REPORTED.get(name.text, name.text))
        pairs[key.text] = (key, _renamed(value))
    return MappingNode(pairs, node.line)


def document(case: Case) -> Document:
    """The document a case describes."""
    found: list[Grid | Paragraph] = []
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate([*case.table.splitlines(), ""], start=1):
        if "|" in line:
            rows.append((number, _cells(line)))
            continue
        if rows:
            found.append(_grid(rows))
            rows = []
        if line.strip():
            found.append(Paragraph(line.strip(), line=number))
    return Document(NAME, "text", (*found, *blocks(case.text)))


def _cells(line: str) -> list[str]:
    """The cells between bars; a bar at both ends is a frame, at one end it has an empty cell beside it."""
    line = line.strip()
    if len(line) > 1 and line[0] == line[-1] == "|":
        line = line[1:-1]
    return [cell.strip() for cell in line.split("|")]


def _grid(rows: Sequence[tuple[int, Sequence[str]]]) -> Grid:
    cells = tuple(
        Cell(r, c, text, line=line, name=f"{_letters(c)}{r + 1}", formula=formula)
        for r, (line, texts) in enumerate(rows)
        for c, (text, formula) in enumerate(map(_with_formula, texts))
    )
    return Grid(len(rows), max(len(texts) for _, texts in rows), cells, spans=False)


def _with_formula(text: str) -> tuple[str, str]:
    """A cell's text and the formula it is given behind it: `1,200 {=SUM(B2:B3)}`."""
    shown, brace, formula = text.removesuffix("}").partition("{=")
    return (shown.strip(), formula) if brace and text.endswith("}") else (text, "")


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _has_blank(table: str) -> bool:
    return any(not cell for line in table.splitlines() if "|" in line for cell in _cells(line))


# --- comparing ---------------------------------------------------------------------------------


def _differences(case: Case, rule: Rule, ruleset: RuleSet, words: Vocabulary) -> Iterator[Fault]:
    def differs(code: str, **args: object) -> Fault:
        return Fault(case.file, case.line, Message(code, {"name": case.name, **args}), case.rule)

    alone = replace(ruleset, rules=(rule,))
    result = audit_document(document(case), alone, words)
    expects = case.passed or case.rounding or case.findings
    for error in gather([result], alone).errors if expects else result.errors:
        yield differs("case-broke", reason=error.message)
    made = [comparison.verdict for comparison in result.comparisons]
    for key, verdict in VERDICTS.items():
        stated, counted = getattr(case, key), made.count(verdict)
        if stated != counted:
            yield differs("case-count", key=verdict, stated=stated, counted=counted)
    found = [_found(finding) for finding in findings(result.comparisons, [NAME]) if finding.message.code != "rounding-noted"]
    for expected in case.findings:
        match = next((finding for finding in found if _fits(finding, expected)), None)
        if match is None:
            yield differs("case-not-found", finding=str(expected))
        else:
            found.remove(match)
    for finding in found:
        yield differs("case-found", finding=str(finding))


def _found(finding: Finding) -> ExpectedFinding:
    """A finding as a case would state it."""
    place = finding.places[0][1]
    at = place.cell or f"line {place.line or 0}"
    actual = finding.stated.value if finding.stated is not None else Decimal(0)
    expected = None if finding.expected is None else finding.expected.value
    return ExpectedFinding(at if place.table in (None, 1) else f"{place.table}:{at}", actual, expected, finding.severity)


def _fits(finding: ExpectedFinding, expected: ExpectedFinding) -> bool:
    """True if a finding is the one a case states; what the case leaves open may be anything."""
    return (
        (finding.at, finding.actual) == (expected.at, expected.actual)
        and expected.expected in (None, finding.expected)
        and expected.severity in (None, finding.severity)
    )


def _plain(value: Decimal | None) -> str:
    return "?" if value is None else f"{value:f}"
