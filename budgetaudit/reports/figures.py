"""The frame of figures as a file: CSV, JSON, a workbook or Parquet.

Beside the integers with their places, each figure has its exact amount, for programs that know decimals.
"""

from __future__ import annotations

from decimal import Decimal
from typing import IO, Any

FORMATS = {".csv": "csv", ".json": "json", ".xlsx": "xlsx", ".parquet": "parquet"}
BINARY = ("xlsx", "parquet")
EXACT_IN_EXCEL = 15  # digits of a number that a workbook keeps


def write(figures: Any, amounts: Any, name: str, out: IO[Any]) -> None:
    """Write a frame of figures, and the column of their exact amounts, in a format."""
    frame = figures.astype({column: "object" for column in figures.columns if figures[column].dtype == "category"})
    frame.insert(frame.columns.get_loc("value"), "amount", amounts)
    if name == "parquet":
        frame = frame.assign(**{column: _fitting(frame[column]) for column in ("value", "step")})
        frame.to_parquet(out, engine="pyarrow")
    elif name == "json":
        texts = frame.assign(amount=_texts(frame["amount"]), scale=_texts(frame["scale"]))
        texts.reset_index().to_json(out, orient="records", lines=False, force_ascii=False, indent=1)
        out.write("\n")
    elif name == "xlsx":
        whole = {column: frame[column].map(_for_excel) for column in ("value", "step")}
        numbers = frame.assign(amount=frame["amount"].map(_for_excel), scale=_texts(frame["scale"]), **whole)
        numbers.reset_index().to_excel(out, index=False, sheet_name="figures", engine="openpyxl")
    else:
        frame.assign(amount=_texts(frame["amount"])).to_csv(out, lineterminator="\n")


def _texts(column: Any) -> Any:
    """Exact numbers as they are written, without exponents."""
    return column.map(lambda value: None if value is None else f"{value:f}")


def _for_excel(value: Any) -> Any:
    """A number where a workbook keeps it exactly, else its text."""
    if value is None:
        return None
    value = Decimal(value)
    whole = value == value.to_integral_value()
    return (int(value) if whole else float(value)) if len(value.as_tuple().digits) <= EXACT_IN_EXCEL else f"{value:f}"


def _fitting(column: Any) -> Any:
    """A column that Parquet can hold: integers beyond int64 as decimals."""
    return column.map(Decimal) if column.dtype == "object" else column
