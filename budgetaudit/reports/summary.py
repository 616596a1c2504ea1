"""What an audit amounts to, in words: what was read, what was checked, what could not be, and the verdict."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import IO

from budgetaudit.assurance import NO_FIGURES, Unexplained, decided, unchecked_files, unexplained
from budgetaudit.messages import say
from budgetaudit.model import SEVERITIES, VERDICTS, Audit, Finding, Problem, Quantity
from budgetaudit.reports import View
from budgetaudit.reports.wording import bounded, by_reason, clean, counted, open_causes, place_text, points, readable

ZERO = Decimal(0)


UNDECIDED = 3  # listed in a summary; all of them with --verbose and in the other formats


def summary(audit: Audit, lang: str, undecided: int | None = UNDECIDED) -> list[tuple[str, list[str]]]:
    """Heading and lines of each part of the summary; parts with nothing to tell are left out.

    `undecided`: how many of them are listed, None for all.
    """
    parts = [
        ("report.read", [_read(audit, lang)]),
        ("report.engine", _engines(audit, lang)),
        ("report.checked", [_checked(audit, lang)]),
        ("report.by-rule", _by_rule(audit, lang)),
        ("report.rounding", _rounding(audit, lang)),
        ("report.not-evaluated", _undecided(audit, lang, undecided)),
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
        if (number := len(open_causes(audit))) < sum(numbers.values()):
            text += " " + say("verdict.causes", lang, causes=counted("cause", number, lang))
    elif decided(audit):
        covered, figures = (sum(getattr(source, name) for source in audit.inputs) for name in ("covered", "figures"))
        numbers_of = {"comparisons": counted("comparison", decided(audit), lang), "figures": counted("figure", figures, lang)}
        text = say("verdict.settled" if waived or audit.known else "verdict.clean", lang, **numbers_of, covered=f"{covered:,}")
    else:
        text = say("verdict.nothing", lang)
    undecided = sum(item.count for item in unexplained(audit))
    more = [say("verdict.open", lang, figures=counted("undecided", undecided, lang))] if undecided else []
    more += [say("verdict.waived", lang, n=waived)] if waived else []
    more += [say("verdict.known", lang, n=audit.known)] if audit.known else []
    more += [say("verdict.incomplete", lang)] if incomplete else []
    return " ".join([text, *more])


def unchecked(audit: Audit) -> list[str]:
    """The inputs that were read without a problem, but no figure of which was checked."""
    troubled = {path for path, problem in input_problems(audit) if problem.level == "unread"}
    silent = unchecked_files(audit) - troubled
    return [source.path for source in audit.inputs if source.path in silent]


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
    undecided = {item.place.file for item in unexplained(audit)}
    lines = []
    for source in audit.inputs:
        counts = found.get(source.path, {})
        texts = [counted(severity, counts[severity], lang) for severity in SEVERITIES if severity in counts]
        texts = texts or [say("file.nothing" if source.path in nothing else "file.clean", lang)]
        texts += [say("file.open", lang)] if source.path in undecided else []
        if any(problem.level == "unread" for problem in source.problems):
            texts = [say("file.unread", lang), *texts] if counts else [say("file.unread", lang)]
        lines.append((source.path, ", ".join(texts)))
    return lines


def _read(audit: Audit, lang: str) -> str:
    tables, figures = (sum(getattr(source, name) for source in audit.inputs) for name in ("tables", "figures"))
    nouns = (("input", len(audit.inputs)), ("table", tables), ("figure", figures))
    return ", ".join(counted(noun, number, lang) for noun, number in nouns)


def _checked(audit: Audit, lang: str) -> str:
    """How many comparisons of figures passed; those of spelling and dates are named apart, as they check no figure."""
    apart = [item for item in audit.comparisons if item.kind in NO_FIGURES]
    others = [tally for tally in audit.tallies if tally.kind in NO_FIGURES]
    passed = audit.count("pass") - sum(item.verdict == "pass" for item in apart) - sum(tally.passed for tally in others)
    spelled = len(apart) + sum(tally.count(verdict) for tally in others for verdict in VERDICTS)
    text = say("report.passed", lang, passed=f"{passed:,}", comparisons=counted("comparison", audit.compared - spelled, lang))
    return text + (" " + say("report.spelled", lang, n=f"{spelled:,}") if spelled else "")


def _engines(audit: Audit, lang: str) -> list[str]:
    """What ran each ledger, and why."""
    engines = [(source.path, say(source.engine, lang)) for source in audit.inputs if source.engine]
    return [f"{clean(path)}: {text}" if len(audit.inputs) > 1 else text for path, text in engines]


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
    return say("report.rounded", lang, comparisons=comparisons, difference=points(difference, lang), bound=readable(bound))


def _undecided(audit: Audit, lang: str, most: int | None) -> list[str]:
    """What could not be decided, each with its place and the reason: those of one reason together, or all."""
    found = unexplained(audit)
    if most == 0 and found:
        return [counted("undecided", len(found), lang)]
    several = len(audit.inputs) > 1
    if most is None:
        return [undecided_text(item, lang, file=several) for item in found]
    groups = by_reason(found, lang)
    lines = [
        undecided_text(items[0], lang, file=several)
        + (f"; {say('report.alike', lang, n=f'{len(items) - 1:,}')}" if len(items) > 1 else "")
        for _, _, items in groups[:most]
    ]
    rest = sum(len(items) for _, _, items in groups[most:])
    return [*lines, say("report.undecided-more", lang, n=f"{rest:,}")] if rest else lines


def undecided_text(item: Unexplained, lang: str, *, file: bool = False) -> str:
    """A stated figure that could not be checked, on one line: place, what it is, why."""
    where = place_text(item.place, lang, file=file or item.stated is None)
    what = " ".join(dict.fromkeys(text for text in undecided_cells(item) if text))
    reason = clean(say(item.reason, lang)) + (f" × {item.count:,}" if item.count > 1 else "")
    return say("report.undecided", lang, text=": ".join(text for text in (where, what, reason) if text), rule=item.rule)


def undecided_cells(item: Unexplained) -> tuple[str, str]:
    """Label, no longer than it is in a finding, and printed text of what could not be decided."""
    return bounded(clean(item.label)), clean(item.stated.text) if item.stated else ""


def _not_covered(audit: Audit, lang: str) -> list[str]:
    """For each input with figures that no equality proves, how many."""
    several = len(audit.inputs) > 1
    return [
        (f"{clean(source.path)}: " if several else "")
        + say("report.uncovered", lang, n=f"{source.figures - source.covered:,}", of=counted("figure", source.figures, lang))
        + (" " + say("report.bounded", lang, n=f"{source.bounded:,}") if source.bounded else "")
        for source in audit.inputs
        if source.figures > source.covered
    ]


def write(audit: Audit, out: IO[str], view: View) -> None:
    """Write a table of the rules that found or compared anything, and the verdict below it."""
    from tabulate import tabulate

    found = Counter(finding.rule for finding in audit.findings if finding.waived is None)
    verdicts: dict[str, Counter[str]] = {}
    for comparison in audit.comparisons:
        verdicts.setdefault(comparison.rule, Counter())[comparison.verdict] += 1
    for tally in audit.tallies:
        for name in VERDICTS:
            verdicts.setdefault(tally.rule, Counter())[name] += tally.count(name)
    severities = {rule.id: say(f"severity.{rule.severity}", view.lang) for rule in audit.rules}
    rules = sorted({*found, *verdicts}, key=lambda rule: (-found[rule], rule))
    rows = [
        [rule, severities.get(rule, ""), found[rule], *(verdicts.get(rule, Counter())[name] for name in VERDICTS)]
        for rule in rules
    ]
    heads = [say(f"statistics.{name}", view.lang) for name in ("rule", "severity", "findings")]
    heads += [say(f"verdict.{name}", view.lang) for name in VERDICTS]
    if rows:
        out.write(tabulate(rows, heads, tablefmt="simple", intfmt=",") + "\n\n")
    out.write(verdict(audit, view.lang) + "\n")
