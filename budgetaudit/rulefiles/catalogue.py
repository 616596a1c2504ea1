"""Rules explained: one rule for the terminal, all of them as the Markdown catalogue.

Both are made of the same parts: What, Why, Basis, Kind, Example, how to waive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any

from budgetaudit.messages import LANGUAGES, TEXTS, say
from budgetaudit.rulefiles.rule import Rule, RuleSet, Where

WORD = re.compile(r"[a-z_]{4,}")


def explain(rule: Rule, lang: str) -> str:
    """What a rule checks, why, on what basis and how, as lines of `name: text`."""
    lines = [f"{rule.id}: {rule.title[lang]}"]
    lines += [f"{say(f'explain-{name}', lang)}: {text}" for name, text in _parts(rule, lang)]
    return "\n".join(lines) + "\n"


def markdown(rulesets: Mapping[str, RuleSet]) -> str:
    """The catalogue of some packs: an index, then every rule once, grouped by the file it stands in."""
    rules: dict[str, Rule] = {rule.id: rule for ruleset in rulesets.values() for rule in ruleset.rules}
    titles = {file: title for ruleset in rulesets.values() for file, title in ruleset.titles}
    lines = [f"# {' · '.join(say('explain-catalogue', lang) for lang in LANGUAGES)}", ""]
    for lang in LANGUAGES:
        lines += [say("explain-generated", lang), ""]
    for name in rulesets:
        if title := titles.get(f"rules/{name}.yaml"):
            lines.append(f"- **{name}**: {' · '.join(_both(title))}")
    lines += ["", *_index(rules, rulesets)]
    for file in dict.fromkeys(rule.file for rule in rules.values()):
        lines += ["", f"## {' · '.join([*_both(titles.get(file, {})), f'`{file}`'])}"]
        for rule in rules.values():
            if rule.file == file:
                lines += ["", *_section(rule)]
    return "\n".join(lines) + "\n"


def settings(rule: Rule) -> Iterator[tuple[str, str]]:
    """What a rule sets of its kind's options, as key and text; options left at their default are not named."""
    for field in fields(rule.options):
        value = getattr(rule.options, field.name)
        default = field.default if field.default_factory is MISSING else field.default_factory()
        if value != default:
            yield field.name.removesuffix("_"), written(value)


def written(value: Any) -> str:
    """An option's value as a rule file writes it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return " / ".join(dict.fromkeys(value.values()))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parts(rule: Rule, lang: str) -> Iterator[tuple[str, str]]:
    if rule.retired:
        yield "retired", rule.retired
    for name, text in (("why", rule.why), ("basis", rule.basis)):
        if text:
            yield name, text[lang]
    code = f"kind-{rule.kind}"
    yield "kind", f"{rule.kind}: {say(code, lang)}" if code in TEXTS else rule.kind
    if described := "; ".join(f"{key}: {text}" for key, text in settings(rule)):
        words = dict.fromkeys(WORD.findall(described))
        means = [f"{word} {name}" for word in words if (name := _name(word, lang)) not in ("", word.replace("_", " "))]
        yield "settings", f"{described} ({', '.join(means)})" if means else described
    if where := _where(rule.where):
        yield "where", where
    yield "severity", say(f"severity.{rule.severity}", lang)
    tolerance = str(rule.tolerance)
    yield "tolerance", say(code, lang) if (code := f"tolerance.{tolerance}") in TEXTS else tolerance
    if rule.example:
        yield "example", rule.example[lang]
    yield "waive", say("explain-how-to-waive", lang, id=rule.id)
    yield "source", f"{rule.file}:{rule.line}"


def _name(word: str, lang: str) -> str:
    """What a dimension or a member is called that a rule file names; '' if it is neither."""
    if word == "measure":  # beside every measure
        return ""
    codes = (f"dimension.{word}", f"dimension.measure.{word}", f"dimension.source.{word}")
    return next((TEXTS[code][lang] for code in codes if code in TEXTS), "")


def _where(where: Where) -> str:
    given = ((field.name, getattr(where, field.name)) for field in fields(where))
    return "; ".join(f"{name}: {', '.join(patterns)}" for name, patterns in given if patterns)


# --- Markdown ----------------------------------------------------------------------------------


def _index(rules: Mapping[str, Rule], rulesets: Mapping[str, RuleSet]) -> Iterator[str]:
    heads = [
        " · ".join(say(f"explain-{name}", lang) for lang in LANGUAGES) for name in ("rule", "what", "kind", "severity", "packs")
    ]
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for rule in rules.values():
        packs = ", ".join(name for name, ruleset in rulesets.items() if ruleset.find(rule.id))
        what = "<br>".join(_both(rule.title))
        yield f"| {_link(rule.id)} | {_cell(what)} | {rule.kind} | {rule.severity} | {packs} |"


def _section(rule: Rule) -> Iterator[str]:
    yield f'<a id="{rule.id}"></a>'
    yield ""
    yield f"### {rule.id}"
    # The file is above, the way to waive at the top: a catalogue says them once.
    left_out = {"source", "waive"}
    for lang in LANGUAGES:
        yield ""
        yield f"**{rule.title[lang]}**"
        yield ""
        for name, text in _parts(rule, lang):
            if name not in left_out:
                yield from _item(say(f"explain-{name}", lang), text, code=name in ("settings", "where"))


def _item(name: str, text: str, code: bool) -> Iterator[str]:
    first, *rest = text.strip().splitlines()
    if not rest:
        yield f"- {name}: `{first}`" if code else f"- {name}: {first}"
        return
    yield f"- {name}:"
    yield ""
    yield "  ```text"
    yield from (f"  {line}".rstrip() for line in (first, *rest))
    yield "  ```"


def _both(text: Mapping[str, str]) -> list[str]:
    """A text in every language, said once where the languages do not differ."""
    return list(dict.fromkeys(text[lang] for lang in LANGUAGES if lang in text))


def _link(rule_id: str) -> str:
    return f"[{rule_id}](#{rule_id})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
