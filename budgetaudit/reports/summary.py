"""What an audit amounts to, in words: what was read, what was checked, what could not be, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from budgetaudit.messages import say
from budgetaudit.model import SEVERITIES, VERDICTS, Audit, Comparison, Finding, Problem, Quantity
from budgetaudit.reports.wording import amount, clean, counted, place_text, readable

ZERO = Decimal(0)


def summary(audit: Audit, lang: str) -> list[tuple[str, list[str]]]:
    """Heading and lines of each part of the summary; parts with nothing to tell are left out."""
    parts = [
        ("report.read", [_read(audit, lang)]),
        ("report.engine", _engines(audit, lang)),
        ("report.checked", [_checked(audit, lang)]),
        ("report.by-rule", _by_rule(audit, lang)),
        ("report.rounding", _rounding(audit, lang)),
        ("report.not-evaluated", _not_evaluated(audit, lang)),
        ("report.not-covered", _not_covered(audit, lang)),
        ("report.not-checked", [clean(path) for path in unchecked(audit)] if len(audit.inputs) > 1 else []),
        ("report.waived", [waiver_text(finding, lang) for finding in audit.findings if finding.waived]),
        ("report.problems", problems(audit, lang)),
    ]
    return [(say(code, lang), lines) for code, lines in parts if lines]


def verdict(audit: Audit, lang: str) -> str:
    """The one line that an auditor quotes."""
    numbers = {severity: audit.severity_count(severity) for severity in SEVERITIES}
    counts = [counted(severity, number, lang) for severity, number in numbers.items() if number]
    incomplete = bool(audit.errors) or any(problem.level == "unread" for _, problem in input_problems(audit))
    waived = sum(finding.waived is not None for finding in audit.findings)
    if counts:
        text = say("verdict.findings", lang, counts=", ".join(counts))
    elif evaluated(audit):
        covered, figures = (sum(getattr(source, name) for source in audit.inputs) for name in ("covered", "figures"))
        numbers_of = {"comparisons": counted("comparison", evaluated(audit), lang), "figures": counted("figure", figures, lang)}
        text = say("verdict.settled" if waived or audit.known else "verdict.clean", lang, **numbers_of, covered=f"{covered:,}")
    else:
        text = say("verdict.nothing", lang)
    more = [say("verdict.waived", lang, n=waived)] if waived else []
    more += [say("verdict.known", lang, n=audit.known)] if audit.known else []
    more += [say("verdict.incomplete", lang)] if incomplete else []
    return " ".join([text, *more])


def evaluated(audit: Audit) -> int:
    """How many comparisons came to a verdict."""
    return audit.compared - audit.count("not_evaluated")


def unchecked(audit: Audit) -> list[str]:
    """The inputs that were read without a problem, but in which nothing could be compared."""
    compared = {item.stated.place.file for item in audit.comparisons if item.verdict != "not_evaluated"}
    compared |= {tally.file for tally in audit.tallies if tally.passed or tally.rounding or tally.failed}
    troubled = {path for path, problem in input_problems(audit) if problem.level == "unread"}
    return [source.path for source in audit.inputs if source.path not in compared | troubled]


def input_problems(audit: Audit) -> list[tuple[str, Problem]]:
    """Every problem of every input with the input's path, then what the run itself wants said."""
    found = [(source.path, problem) for source in audit.inputs for problem in source.problems]
    return found + [(notice.place.file, notice) for notice in audit.notices]


def problem_text(path: str, problem: Problem, lang: str) -> str:
    """One line: place, fault, remedy."""
    place = place_text(problem.place, lang)
    where = f"{clean(path)}: {place}" if place else clean(path)
    return f"{where}: {clean(say(problem.message, lang))}"


def problems(audit: Audit, lang: str, *, notices: bool = True) -> list[str]:
    """One line for everything that kept the audit from being complete, and what else a reader wants said."""
    lines = [problem_text(path, problem, lang) for path, problem in input_problems(audit) if notices or problem.level == "unread"]
    return lines + [clean(say(error.message, lang)) for error in audit.errors]


def incomplete(audit: Audit, lang: str) -> list[str]:
    """One line for everything for which an audit is not complete, or says nothing of a file."""
    lines = problems(audit, lang, notices=False)
    if not audit.errors:
        lines += [say("cli.nothing-checked", lang, path=clean(path)) for path in unchecked(audit)]
    return lines


def others(finding: Finding, lang: str) -> str:
    """The places a finding's expectation rests on: each of them, or the first and the last of many."""
    home = finding.places[0][1].file if finding.places else ""
    blank = say("report.blank", lang)
    texts = [
        f"{place_text(place, lang, file=place.file != home)}: {clean(text) or blank}" for _, place, text in finding.places[1:]
    ]
    if len(texts) <= 3:
        return "; ".join(texts)
    return say("report.others", lang, first=texts[0], last=texts[-1], figures=counted("figure", len(texts), lang))


def waiver_text(finding: Finding, lang: str) -> str:
    """A waived finding on one line, with the reason it was waived for."""
    place = place_text(finding.places[0][1], lang, file=True) if finding.places else ""
    reason = clean(say(finding.waived, lang)) if finding.waived else ""
    return f"{finding.id} {finding.rule} {place}: {reason}"


def file_verdicts(audit: Audit, lang: str) -> list[tuple[str, str]]:
    """For each input what was found in it, in few words."""
    found: dict[str, dict[str, int]] = {}
    for finding in audit.findings:
        if finding.waived is None and finding.places:
            counts = found.setdefault(finding.places[0][1].file, {})
            counts[finding.severity] = counts.get(finding.severity, 0) + 1
    nothing = set(unchecked(audit))
    lines = []
    for source in audit.inputs:
        counts = found.get(source.path, {})
        texts = [counted(severity, counts[severity], lang) for severity in SEVERITIES if severity in counts]
        texts = texts or [say("file.nothing" if source.path in nothing else "file.clean", lang)]
        if any(problem.level == "unread" for problem in source.problems):
            texts = [say("file.unread", lang), *texts] if counts else [say("file.unread", lang)]
        lines.append((source.path, ", ".join(texts)))
    return lines


def is_consequence(finding: Finding, roots: frozenset[str]) -> bool:
    """Whether a finding follows from another one that is reported."""
    return finding.cause not in ("", finding.id) and finding.cause in roots


def roots(findings: Sequence[Finding]) -> frozenset[str]:
    """The ids of the findings that stand for themselves."""
    return frozenset(finding.id for finding in findings if finding.cause in ("", finding.id))


def _read(audit: Audit, lang: str) -> str:
    tables, figures = (sum(getattr(source, name) for source in audit.inputs) for name in ("tables", "figures"))
    nouns = (("input", len(audit.inputs)), ("table", tables), ("figure", figures))
    return ", ".join(counted(noun, number, lang) for noun, number in nouns)


def _checked(audit: Audit, lang: str) -> str:
    return say("report.passed", lang, passed=f"{audit.count('pass'):,}", comparisons=counted("comparison", audit.compared, lang))


def _engines(audit: Audit, lang: str) -> list[str]:
    """What ran each ledger, and why."""
    said = [(source.path, say(source.engine, lang)) for source in audit.inputs if source.engine]
    return [f"{clean(path)}: {text}" if len(audit.inputs) > 1 else text for path, text in said]


def _by_rule(audit: Audit, lang: str) -> list[str]:
    """The verdicts of the rules whose comparisons are too many to be listed, those that fail most first."""
    lines = []
    for tally in sorted(audit.tallies, key=lambda tally: -tally.failed):
        numbers = [f"{say(f'verdict.{verdict}', lang)} {number:,}" for verdict in VERDICTS if (number := tally.count(verdict))]
        lines.append(say("report.of-rule", lang, rule=tally.rule, text=", ".join(numbers) or "–"))
    return lines


def _rounding(audit: Audit, lang: str) -> list[str]:
    lines = []
    rounded = [comparison for comparison in audit.comparisons if comparison.verdict == "rounding"]
    if rounded:
        widest = max(rounded, key=lambda comparison: abs(comparison.difference or ZERO) / (comparison.bound or 1))
        difference = Quantity(abs(widest.difference or ZERO), widest.unit or widest.stated.unit)
        lines.append(_rounded(len(rounded), difference, widest.bound, lang))
    for tally in audit.tallies:
        if tally.widest and tally.bound:
            text = _rounded(tally.rounding, tally.widest, tally.bound.value, lang)
            lines.append(say("report.of-rule", lang, rule=tally.rule, text=text))
    return lines


def _rounded(number: int, difference: Quantity, bound: Decimal, lang: str) -> str:
    comparisons = counted("comparison", number, lang)
    return say("report.rounded", lang, comparisons=comparisons, difference=amount(difference, unit=True), bound=readable(bound))


def _not_evaluated(audit: Audit, lang: str) -> list[str]:
    """Each reason once, the most frequent first, with how often it was given."""
    groups: dict[str, list[Comparison]] = {}
    for comparison in audit.comparisons:
        if comparison.verdict == "not_evaluated":
            groups.setdefault(comparison.message.code, []).append(comparison)
    ordered = sorted(groups.values(), key=len, reverse=True)
    lines = [f"{len(group):,} × {_reason(group, lang)}" for group in ordered]
    for tally in audit.tallies:
        for message, number in tally.reasons:
            text = say("report.of-rule", lang, rule=tally.rule, text=clean(say(message, lang)))
            lines.append(f"{number:,} × {text}")
    return lines


def _reason(group: Iterable[Comparison], lang: str) -> str:
    texts = dict.fromkeys(clean(say(comparison.message, lang)) for comparison in group)
    first, *more = texts
    return first + (" " + say("report.alike", lang, n=len(more)) if more else "")


def _not_covered(audit: Audit, lang: str) -> list[str]:
    """For each input with figures that no passing comparison binds, how many."""
    several = len(audit.inputs) > 1
    return [
        (f"{clean(source.path)}: " if several else "")
        + say("report.uncovered", lang, n=f"{source.figures - source.covered:,}", of=counted("figure", source.figures, lang))
        for source in audit.inputs
        if source.figures > source.covered
    ]
