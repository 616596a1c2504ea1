"""Every sentence the tool says, in Korean and English; one module of texts per room."""

from __future__ import annotations

from budgetaudit.messages import (
    cli,
    dimensions,
    findings,
    kinds,
    ledgers,
    readers,
    reasons,
    reports,
    rulefiles,
    usage,
)
from budgetaudit.messages.particles import with_particles
from budgetaudit.model import Message

LANGUAGES = ("ko", "en")
MODULES = (
    cli,
    dimensions,
    findings,
    kinds,
    ledgers,
    readers,
    reasons,
    reports,
    rulefiles,
    usage,
)
TEXTS: dict[str, dict[str, str]] = {code: texts for module in MODULES for code, texts in module.TEXTS.items()}


def say(message: Message | str, lang: str = "en", /, **args: object) -> str:
    """The text of a message in a language; values that are mappings of languages are resolved too."""
    if isinstance(message, str):
        message = Message(message, args)
    values = {key: _resolve(value, lang) for key, value in message.args.items()}
    text = TEXTS[message.code][lang]
    return (with_particles(text, values) if lang == "ko" else text).format_map(values)


def called(dimension: str, member: str, lang: str) -> str:
    """What a member of a dimension is called; '' stands for the dimension itself."""
    code = f"dimension.{dimension}.{member}" if member else f"dimension.{dimension}"
    return TEXTS[code][lang] if code in TEXTS else member or dimension


def _resolve(value: object, lang: str) -> object:
    if isinstance(value, Message):
        return say(value, lang)
    if isinstance(value, dict) and "en" in value:
        return value.get(lang) or value["en"]
    return value
