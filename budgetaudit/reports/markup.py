"""Write HTML so that nothing a document says can become markup: text is escaped where it enters."""

from __future__ import annotations

from html import escape

from budgetaudit.reports.wording import clean

VOID = frozenset(["meta", "rect", "line"])


class Html(str):
    """Markup that is safe to write as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """What a template writes as it is."""
        return str(self)


def text(value: object) -> Html:
    """A text as content: escaped, on one line, without control characters; a space at its edges stays one."""
    printed = str(value)
    before, after = printed[:1].isspace(), printed[-1:].isspace()
    return Html(" " * before + escape(clean(printed)) + " " * (after and bool(printed.strip())))


def element(tag: str, *content: str, **attributes: object) -> Html:
    """An element. Content that is no `Html` is escaped; a None attribute is left out, `class_` is class, `_` is a hyphen."""
    listed = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(clean(str(value)))}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in VOID:
        return Html(f"<{tag}{listed}>" if tag == "meta" else f"<{tag}{listed}/>")
    inner = "".join(part if isinstance(part, Html) else text(part) for part in content)
    return Html(f"<{tag}{listed}>{inner}</{tag}>")


def join(*parts: str, by: str = "") -> Html:
    """Several pieces one after the other, the ones that are no markup escaped."""
    return Html(by.join(part if isinstance(part, Html) else text(part) for part in parts))
