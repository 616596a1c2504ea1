"""Audit public budgets and their execution: find where a document contradicts itself.

`audit("plan.hwpx")` returns an `Audit`; its `findings` are records, `to_frame()` makes a DataFrame of them. See docs/api.md.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from budgetaudit.model import Audit, Comparison, Figure, Finding, InputSummary, Place, Quantity, Unit
    from budgetaudit.pipeline import audit
    from budgetaudit.rulefiles.strict_yaml import RuleFileError

__version__ = "0.2.0"
__all__ = [
    "Audit",
    "Comparison",
    "Figure",
    "Finding",
    "InputSummary",
    "Place",
    "Quantity",
    "RuleFileError",
    "Unit",
    "__version__",
    "audit",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line starts without it."""
    if name == "audit":
        from budgetaudit.pipeline import audit

        return audit
    if name == "RuleFileError":
        from budgetaudit.rulefiles.strict_yaml import RuleFileError

        return RuleFileError
    if name in __all__:
        from budgetaudit import model

        return getattr(model, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
