"""The frames of an audit: what is in them, in which types; no amount is ever a float; figures as files; frames as input."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

import budgetaudit
from budgetaudit.cli import main
from budgetaudit.frames import whole_numbers
from budgetaudit.model import Audit

TABLE = """(단위: 백만원)
사업명,총사업비,국비,도비,시비
가,1310,655,200,455
나,2570,1285,400,895
다,1045,520,205,320
라,880,440,110,330
합계,5805,2900,915,2000
"""
DATA = Path(__file__).parent.parent / "data"
INTEGERS = {"value", "places", "step", "weight", "divided_by", "expected", "difference", "bound"}


@pytest.fixture
def audited(tmp_path: Path) -> Audit:
    file = tmp_path / "plan.csv"
    file.write_text(TABLE, encoding="utf-8")
    return budgetaudit.audit(file)


def test_every_figure_has_its_place_its_coordinates_and_its_exact_amount(audited: Audit) -> None:
    figures = audited.figures
    found = figures[(figures["row"] == 3) & (figures["source"] == "national")].iloc[0]
    assert (found["item"], found["value"], found["places"], found["unit"]) == ("나", 1285, 0, "백만원")
    assert (found["column"], found["scale"], found["text"], found["checked"]) == (3, Decimal(1_000_000), "1285", "proven")
    assert len(figures) == 20
    assert audited.frames.decimal(figures, "value").sum() == 23_240


def test_terms_add_up_to_the_comparisons(audited: Audit) -> None:
    """gap = stated − expected, worked out again from the frames alone, is the difference of each comparison."""
    figures, terms, comparisons = audited.figures, audited.terms, audited.frames.comparisons
    merged = terms.merge(figures[["value", "places"]], left_on="figure", right_index=True)
    assert set(merged["places"]) == {0}
    assert set(merged["divided_by"]) == {1}
    signed = merged["value"] * merged["weight"] * merged["side"].map({"stated": 1, "part": -1}).astype("int64")
    gaps = signed.groupby(merged["comparison"]).sum()
    assert gaps.tolist() == comparisons.loc[gaps.index, "difference"].tolist()
    assert len(gaps) >= 9
    assert set(comparisons.loc[comparisons["verdict"] == "fail", "difference"].abs()) == {10}


def test_no_amount_is_a_float(audited: Audit) -> None:
    for frame in (audited.figures, audited.terms, audited.frames.comparisons):
        kinds = {name: kind for name, kind in frame.dtypes.items() if name in INTEGERS}
        assert set(map(str, kinds.values())) <= {"int64", "int16", "object"}
        assert not any(str(kind).startswith("float") for kind in frame.dtypes)


def test_amounts_beyond_int64_are_python_integers(tmp_path: Path) -> None:
    large = 2**63
    file = tmp_path / "large.csv"
    file.write_text(f"기관,예산액\n본청,{large}\n사업소,9007199254740993\n계,{large + 9007199254740993}\n", encoding="utf-8")
    figures = budgetaudit.audit(file).figures
    assert figures["value"].dtype == object
    assert figures["value"].tolist() == [large, 2**53 + 1, large + 2**53 + 1]
    assert str(whole_numbers([2**53 + 1]).dtype) == "int64"


def test_a_rate_has_its_divisor(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text(
        "부서,예산액(천원),집행액(천원),집행률(%)\n가,12000,9000,75.0\n나,8000,6500,81.3\n다,45000,30100,66.9\n", encoding="utf-8"
    )
    audit = budgetaudit.audit(file)
    comparisons = audit.frames.comparisons
    rate = comparisons.index[comparisons["rule"] == "execution-rate"][0]
    found = audit.terms[audit.terms["comparison"] == rate]
    assert dict(zip(found["side"], found["weight"], strict=True)) == {"stated": 1, "part": 100, "divisor": 1}


@pytest.mark.parametrize("suffix", [".csv", ".json", ".xlsx", ".parquet"])
def test_figures_are_written_as_they_are(suffix: str, tmp_path: Path) -> None:
    file, output = tmp_path / "plan.csv", tmp_path / f"figures{suffix}"
    file.write_text(TABLE.replace("655", "9007199254740993.5"), encoding="utf-8")
    assert main(["figures", str(file), "-o", str(output)]) == 0
    if suffix == ".parquet":
        frame = pd.read_parquet(output)
    elif suffix == ".json":
        frame = pd.DataFrame(json.loads(output.read_text(encoding="utf-8")))
    elif suffix == ".xlsx":
        rows = list(load_workbook(output)["figures"].values)
        frame = pd.DataFrame(rows[1:], columns=rows[0])
    else:
        frame = pd.read_csv(output, dtype=str)
    assert len(frame) == 20
    found = frame[frame["text"].astype(str) == "9007199254740993.5"].iloc[0]
    assert Fraction(str(found["amount"])) == Fraction("9007199254740993.5")
    assert Fraction(str(found["value"])) == 90071992547409935
    assert (found["source"], found["unit"]) == ("national", "백만원")


def test_an_unknown_suffix_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "plan.csv"
    file.write_text(TABLE, encoding="utf-8")
    assert main(["figures", str(file), "-o", str(tmp_path / "figures.odt")]) == 2
    assert ".parquet" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_incomplete(tmp_path: Path) -> None:
    assert main(["figures", str(tmp_path / "none.csv")]) == 3


def test_a_data_frame_is_audited_as_its_file_is(audited: Audit) -> None:
    frame = pd.DataFrame({"사업명": ["가", "나", "다", "라", "합계"], "총사업비": [1310, 2570, 1045, 880, 5805]})
    frame = frame.assign(국비=[655, 1285, 520, 440, 2900], 도비=[200, 400, 205, 110, 915], 시비=[455, 895, 320, 330, 2000])
    frame.attrs["name"] = "plan"
    found = budgetaudit.audit(frame)
    assert found.inputs[0].path == "plan"
    assert [one.verdict for one in found.comparisons] == [one.verdict for one in audited.comparisons]
    assert [(one.rule, one.difference and one.difference.value) for one in found.findings] == [
        (one.rule, one.difference and one.difference.value) for one in audited.findings
    ]


def test_a_data_frame_keeps_decimals_blanks_indexes_and_levels() -> None:
    index = pd.Index(["가", "나", "합계"], name="사업명")
    columns = pd.MultiIndex.from_tuples([("예산액", "2024"), ("예산액", "2025")])
    frame = pd.DataFrame(
        [[Decimal("10.25"), 5.5], [Decimal("2.50"), None], [Decimal("12.75"), 5.5]], index=index, columns=columns
    )
    figures = budgetaudit.audit(frame).figures
    assert figures["text"].tolist() == ["10.25", "5.5", "2.50", "12.75", "5.5", ""]
    assert figures["blank"].tolist() == [False] * 5 + [True]
    assert figures["year"].tolist()[:5] == ["2024", "2025", "2024", "2024", "2025"]


@pytest.mark.parametrize("sample", ["balanced-development.txt", *sorted(path.name for path in DATA.glob("*.csv"))])
def test_columns_are_judged_as_one_by_one(sample: str) -> None:
    audit = budgetaudit.audit(DATA / sample, ["korea-local", "generic"])
    again = audit.frames.judged()
    pairs = [(one.verdict, found) for one, found in zip(audit.comparisons, again, strict=True) if found is not None]
    assert [one for one, _ in pairs] == [found for _, found in pairs]


def test_what_another_tolerance_would_say(audited: Audit) -> None:
    exact, cut = audited.frames.judged("exact"), audited.frames.judged("truncation")
    assert set(exact.dropna()) == {"pass", "fail"}
    assert (exact.dropna() == "pass").sum() <= (cut.dropna() != "fail").sum()


def test_what_a_document_does_not_need_is_not_imported(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_text(TABLE, encoding="utf-8")
    heavy = "sorted({'pandas', 'numpy', 'pyarrow'} & {*sys.modules})"
    code = f"import sys; from budgetaudit.cli import main; main(sys.argv[1:]); print({heavy})"
    made = subprocess.run([sys.executable, "-c", code, "check", str(file)], capture_output=True, text=True, check=True)
    assert made.stdout.splitlines()[-1] == "[]"
