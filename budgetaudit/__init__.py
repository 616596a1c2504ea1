"""Audit public budgets and their execution: find where a document contradicts itself.

`audit("plan.hwpx")` gives an `Audit` with its `findings`; `to_frame()` makes a pandas DataFrame of them.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from budgetaudit.model import Audit, Comparison, Finding
    from budgetaudit.pipeline import audit

__version__ = "0.1.0"
__all__ = ["Audit", "Comparison", "Finding", "__version__", "audit"]


def __getattr__(name: str) -> Any:
    """What is public, imported when first asked for: the command line starts without it."""
    if name == "audit":
        from budgetaudit.pipeline import audit

        return audit
    if name in __all__:
        from budgetaudit import model

        return getattr(model, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
