"""The nouns: what a reader delivers, what labelling makes of it, what confronting yields.

Everything here is immutable and knows nothing of files, budgets or languages. Rows and columns
of a grid count from 0; a `Place`, which people see, counts from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    import pandas as pd

Severity = Literal["error", "warning", "note"]
Verdict = Literal["pass", "rounding", "fail", "not_evaluated"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
Operator = Literal["=", "!=", "<=", "<", ">=", ">"]
VERDICTS: tuple[Verdict, ...] = ("pass", "rounding", "fail", "not_evaluated")


# --- what is printed (readers) -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is printed; every number counts from 1, None where it does not apply.

    `paragraph` counts what stands between the tables of a page, or of a document without pages, where there are no lines.
    """

    file: str  # path as given
    page: int | None = None
    sheet: str | None = None
    table: int | None = None
    row: int | None = None  # of the table, header rows included
    column: int | None = None
    cell: str | None = None  # as a spreadsheet names it: B7
    line: int | None = None  # of the file, where it is text
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for people, kept as code and arguments until the language is known."""

    code: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a reader could not read (`unread`: exit code 3), or an informational notice (`notice`).

    `stale`: what was accepted is not there any more, so that the gate stays closed until somebody has looked (exit code 1).
    """

    place: Place
    message: Message
    level: Literal["unread", "notice", "stale"] = "unread"


class ReadError(Exception):
    """A whole input cannot be read; carries the one line to print."""

    def __init__(self, code: str, **args: Any) -> None:
        super().__init__(code)
        self.message = Message(code, args)


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell at its top-left position; `value` only where the format stores the number itself."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    value: Decimal | None = None
    line: int | None = None
    name: str | None = None
    page: int | None = None
    header: bool = False
    indent: int = 0
    hidden: bool = False
    origin: tuple[int, int] | None = None
    formula: str = ""

    @property
    def printed_at(self) -> tuple[int, int]:
        """Where it is printed, for labelling may lay out a grid otherwise than its source does."""
        return self.origin or (self.row, self.column)


@dataclass(frozen=True, slots=True)
class Grid:
    """One printed table: its cells in row-major order, each at the position where its span starts.

    `spans` says whether the source states spans: if not (copied text, CSV), a blank may be a lost
    span. `parent` is the (grid index in the document's order, row, column) of the cell a nested table stands in.
    """

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    spans: bool = True
    caption: str = ""
    sheet: str | None = None
    page: int | None = None
    line: int | None = None
    parent: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One printed paragraph outside tables (a heading, a sentence, a caption or unit line)."""

    text: str
    page: int | None = None
    line: int | None = None
    sheet: str | None = None
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """One input in reading order. `figures` printed elsewhere (headers, notes) are paragraphs too."""

    path: str
    format: str
    blocks: tuple[Grid | Paragraph, ...]
    problems: tuple[Problem, ...] = ()
    sha256: str = ""

    def grids(self) -> Iterator[Grid]:
        return (block for block in self.blocks if isinstance(block, Grid))


# --- what it means (labelling) -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as printed. `scale`: how many base units one is worth; None for counts, rates and unknown units."""

    symbol: str  # as printed: 백만원, thousand dollars, %
    family: Literal["money", "count", "percent", "other"] = "other"
    scale: Decimal | None = None
    currency: str = ""  # ISO 4217 code; '' if none is printed


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number. `step` is the stated precision in its own unit; 0 means exact.

    `value` is None for a blank cell: missing, not zero. A printed dash is a zero with `dash` set.
    """

    value: Decimal | None  # in `unit`
    text: str  # as printed
    place: Place
    step: Decimal = Decimal(0)
    unit: Unit | None = None
    label: str = ""  # of its row and column, joined by ' · '
    dash: bool = False
    malformed: bool = False  # read as what it probably says

    @property
    def base(self) -> Decimal | None:
        """The amount in the currency's base unit; None if the unit is no amount of money or unknown."""
        if self.value is None or self.unit is None or self.unit.scale is None:
            return None
        return self.value * self.unit.scale


# --- what was found (confronting) --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact number with its unit, as a report prints it."""

    value: Decimal  # in `unit`
    unit: Unit | None = None
    text: str | None = None  # as printed, where it is

    @property
    def base(self) -> Decimal | None:
        """The amount in the currency's base unit; None if the unit is no amount of money or unknown."""
        return None if self.unit is None or self.unit.scale is None else self.value * self.unit.scale


@dataclass(frozen=True, slots=True)
class Comparison:
    """One stated figure held against what a rule expects of it, by `operator`.

    `operands` are the figures the expectation is made of, each with its role (`part`, `expected`,
    `total`, …). `bound` is the allowance rounding gives. `relation` names the line relation this
    comparison is one crossing of: comparisons that share it support each other. `proposed` is what was judged
    (`relations.Relation` or `Computed`, nouns above this module), None of a comparison of words.
    """

    rule: str  # id of the rule
    kind: str
    verdict: Verdict
    stated: Figure
    expected: Decimal | None  # in the unit of `stated`; None if nothing could be expected
    difference: Decimal | None  # stated less expected
    bound: Decimal
    operands: tuple[tuple[str, Figure], ...]
    message: Message
    severity: Severity = "error"  # of a finding made of it
    relation: str = ""
    unit: Unit | None = None
    operator: Operator = "="
    proposed: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A figure that may be the wrong one, and the value that would heal `heals` comparisons."""

    place: Place
    text: str  # as printed
    repair: str  # what kind of slip: digit, swap, unit, …
    value: Decimal  # what it should read
    heals: int  # how many failed comparisons then hold
    tier: Literal["certain", "likely", "unresolved"] = "unresolved"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is printed around figures of a finding: the rows of a table they stand in under its header, or a sentence.

    `marks`: row and column in `rows`, and whether it is the stated figure. `spans`: the same of `text`, as start and end.
    """

    place: Place
    heading: str = ""
    header: tuple[str, ...] = ()
    labels: tuple[int, ...] = ()
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    marks: tuple[tuple[int, int, bool], ...] = ()
    text: str = ""
    spans: tuple[tuple[int, int, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A failed (or noteworthy) comparison, ready to be reported."""

    id: str  # F1, F2, … in the order of the report
    fingerprint: str  # the same in every run while rule, place and amounts are
    rule: str
    kind: str
    severity: Severity
    message: Message
    stated: Quantity | None
    expected: Quantity | None
    difference: Quantity | None  # stated less expected
    bound: Quantity | None  # what rounding alone may explain
    places: tuple[tuple[str, Place, str], ...]  # role, place, printed text
    cause: str = ""  # id of the finding it follows from; '' if none
    suspects: tuple[Suspect, ...] = ()  # figures that may be the wrong one, likeliest first
    evidence: Message | None = None  # how much speaks for the relation
    waived: Message | None = None  # why it does not count; None if it does
    count: int = 1  # of equal findings reported once, with the places of all
    excerpts: tuple[Excerpt, ...] = ()  # what is printed around the figures, that of the stated one first


@dataclass(frozen=True, slots=True)
class InputSummary:
    """What was read of one input: how many figures, how many of them an equality proves, and how many are only bounded.

    `engine`: of a ledger, which engine ran over how many rows, and why that one.
    """

    path: str
    sha256: str
    format: str
    tables: int = 0
    figures: int = 0  # numbers read
    covered: int = 0  # of them proven by an equality that holds
    problems: tuple[Problem, ...] = ()
    engine: Message | None = None
    bounded: int = 0  # only limited by an inequality that holds

    @property
    def unproven(self) -> int:
        """Figures that no comparison holds for."""
        return self.figures - self.covered - self.bounded


@dataclass(frozen=True, slots=True)
class RuleSummary:
    """A rule as reports name it; `title` and `why` map language to text."""

    id: str
    kind: str
    severity: Severity
    title: Mapping[str, str]
    why: Mapping[str, str] = field(default_factory=dict)
    basis: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleError:
    """A rule that broke while running: an error of the run, never a finding."""

    rule: str  # id of the rule
    message: Message


@dataclass(frozen=True, slots=True)
class RuleTally:
    """The verdicts of one rule over a ledger, whose comparisons are too many to be listed.

    `shown`: how many of the failed ones are findings (those of the largest differences). `widest`: the largest difference
    that rounding explains, and the `bound` of it. `reasons`: why comparisons were not made, and how many.
    """

    rule: str
    kind: str
    severity: Severity
    file: str
    passed: int
    rounding: int
    failed: int
    not_evaluated: int
    shown: int
    widest: Quantity | None = None
    bound: Quantity | None = None
    reasons: tuple[tuple[Message, int], ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many comparisons have a verdict."""
        return {"pass": self.passed, "rounding": self.rounding, "fail": self.failed, "not_evaluated": self.not_evaluated}[verdict]


@dataclass(frozen=True, slots=True)
class Audit:
    """The result of auditing some inputs with some rules.

    `tables` are the labelled ones (`labelling.Table`, a noun above this module), `frames` makes the figures, terms and
    comparisons as pandas frames (`frames.Frames`). `notices` are about the run (a waiver that is void); `known` counts the
    findings left out as those of a baseline; `sources` are role, path and SHA-256 of what governed the run.
    """

    inputs: tuple[InputSummary, ...]
    rules: tuple[RuleSummary, ...]
    comparisons: tuple[Comparison, ...]
    findings: tuple[Finding, ...]
    errors: tuple[RuleError, ...] = ()
    tables: tuple[Any, ...] = ()
    notices: tuple[Problem, ...] = ()
    tallies: tuple[RuleTally, ...] = ()
    known: int = 0
    sources: tuple[tuple[str, str, str], ...] = ()
    frames: Any = field(default=None, compare=False, repr=False)

    @property
    def figures(self) -> pd.DataFrame:
        """Every number read, as a DataFrame: place, coordinates, unit, and `value` as an integer with `places` decimals."""
        return cast("pd.DataFrame", self.frames.figures)

    @property
    def terms(self) -> pd.DataFrame:
        """Which figures take part in which comparison, and what they count for, as a pandas DataFrame."""
        return cast("pd.DataFrame", self.frames.terms)

    @property
    def compared(self) -> int:
        """How many comparisons there were, listed or counted."""
        return sum(self.count(verdict) for verdict in VERDICTS)

    def count(self, verdict: Verdict) -> int:
        """How many comparisons have a verdict, those of ledgers included."""
        listed = sum(comparison.verdict == verdict for comparison in self.comparisons)
        return listed + sum(tally.count(verdict) for tally in self.tallies)

    def severity_count(self, severity: Severity) -> int:
        """How many findings there are, those of ledgers counted that are too many to be listed."""
        listed = sum(finding.count for finding in self.findings if finding.severity == severity and finding.waived is None)
        return listed + sum(max(0, tally.failed - tally.shown) for tally in self.tallies if tally.severity == severity)

    def to_frame(self) -> pd.DataFrame:
        """The findings as a DataFrame, one row each: id, rule, severity, place, and stated, expected, difference as Decimal."""
        import pandas

        coordinates, amounts = ("file", "table", "row", "column", "line"), ("stated", "expected", "difference")
        rows = []
        for finding in self.findings:
            place = finding.places[0][1] if finding.places else Place("")
            printed = [getattr(place, name) for name in coordinates]
            values = [quantity.value if (quantity := getattr(finding, name)) else None for name in amounts]
            rows.append([finding.id, finding.rule, finding.severity, *printed, *values])
        return pandas.DataFrame(rows, columns=["id", "rule", "severity", *coordinates, *amounts])
