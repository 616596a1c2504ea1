"""Relations found without labels, as JSON and as rules that find them again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

ROWS = [(4512, 3017), (2154, 8841), (5366, 1290), (7713, 6604), (9028, 2237), (1186, 9475)]
HEADER = "지구,갑,을,병\n"
SUMS = HEADER + "".join(f"{name},{a + b},{a},{b}\n" for name, (a, b) in zip("가나다라마바", ROWS, strict=True))


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def found(run: Callable[..., Run], path: Path) -> list[dict[str, object]]:
    result = run("discover", path, "--format", "json")
    assert (result.code, result.err) == (0, "")
    report = json.loads(result.out)
    assert report["schema"] == "budgetaudit/relations/1"
    relations: list[dict[str, object]] = report["relations"]
    return relations


def test_the_json_names_the_cells_of_every_relation(file: Callable[[str], Path], run: Callable[..., Run]) -> None:
    relations = found(run, file(SUMS))
    assert [relation["target"] for relation in relations] == [{"row": row, "column": 2} for row in range(2, 8)]
    first = relations[0]
    assert (first["kind"], first["table"], first["along"], first["holds"], first["fails"]) == ("sum", 1, "row", 6, 0)
    assert first["terms"] == [{"row": 2, "column": 3}, {"row": 2, "column": 4}]


def test_json_counts_rows_as_in_the_file(file: Callable[[str], Path], run: Callable[..., Run]) -> None:
    relations = found(run, file("현황\n\n" + SUMS))
    assert relations[0]["target"] == {"row": 4, "column": 2}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_rules_hold_where_they_were_found_and_find_what_breaks(
    file: Callable[[str], Path], run: Callable[..., Run], tmp_path: Path, language: str
) -> None:
    path, rules = file(SUMS), tmp_path / "rules.yaml"
    assert run("discover", path, "--output", rules, "--lang", language).code == 0
    assert 'check: "갑 = 을 + 병"' in rules.read_text(encoding="utf-8")
    assert run("rules", "lint", rules).code == 0
    assert run("check", path, "--rules", rules, "--fail-on", "note").code == 0
    broken = run("check", file(SUMS.replace(",8841", ",8481")), "--rules", rules, "--fail-on", "note", "--format", "json")
    assert broken.code == 1
    assert [finding["difference"]["value"] for finding in json.loads(broken.out)["findings"]] == ["360"]


def test_a_relation_that_fails_once_is_found_and_its_rule_finds_the_failure(
    file: Callable[[str], Path], run: Callable[..., Run], tmp_path: Path
) -> None:
    path, rules = file(SUMS.replace(",8841", ",8481")), tmp_path / "rules.yaml"
    assert {(relation["holds"], relation["fails"]) for relation in found(run, path)} == {(5, 1)}
    run("discover", path, "--output", rules)
    assert run("check", path, "--rules", rules, "--fail-on", "warning").code == 1


def test_what_has_no_name_is_counted(file: Callable[[str], Path], run: Callable[..., Run]) -> None:
    path = file(SUMS.replace(HEADER, "지구,갑,갑,갑\n"))
    assert len(found(run, path)) == 6
    text = run("discover", path).out
    assert "--format json: 1" in text
    assert text.endswith("\n[]\n")


def test_nothing_is_found_where_nothing_adds_up(file: Callable[[str], Path], run: Callable[..., Run]) -> None:
    path = file("구분,갑,을\n가,17,920\n나,333,4\n다,8,51\n")
    assert found(run, path) == []
    result = run("discover", path)
    assert (result.code, result.out.splitlines()[1:]) == (0, ["[]"])


def test_what_cannot_be_read_ends_in_three(run: Callable[..., Run], tmp_path: Path) -> None:
    result = run("discover", tmp_path / "missing.csv")
    assert (result.code, result.out) == (3, "")
    assert "missing.csv" in result.err


def test_labels_cannot_break_the_rule_file(file: Callable[[str], Path], run: Callable[..., Run], tmp_path: Path) -> None:
    odd = '지구,"갑: {x}# ""q"" \\n","을 [a] - b","*병 & !c"\n'
    path, rules = file(SUMS.replace(HEADER, odd)), tmp_path / "rules.yaml"
    assert run("discover", path, "--output", rules).code == 0
    text = rules.read_text(encoding="utf-8")
    assert text.endswith("[]\n") or run("rules", "lint", rules).code == 0


def test_the_json_names_the_suspects_of_what_fails(file: Callable[[str], Path], run: Callable[..., Run]) -> None:
    report = json.loads(run("discover", file(SUMS.replace(",8841", ",8814")), "--format", "json").out)
    first = report["suspects"][0]
    assert (first["row"], first["column"], first["text"], first["repair"]) == (3, 4, "8814", "transposition")
    assert (first["value"], first["cause"], first["table"]) == ("8841", 1, 1)


def test_a_blank_adds_nothing_to_a_sum_whose_wrong_part_is_named(file: Callable[[str], Path], run: Callable[..., Run]) -> None:
    rows = [line.split(",") for line in SUMS.splitlines()]
    blank = "\n".join(",".join((*row[:3], "", row[3]) if at else (*row[:3], "무", row[3])) for at, row in enumerate(rows))
    report = json.loads(run("discover", file(blank.replace(",8841", ",8814")), "--format", "json").out)
    assert report["suspects"][0]["text"] == "8814"


def test_a_failure_that_no_slip_explains_names_no_suspect(file: Callable[[str], Path], run: Callable[..., Run]) -> None:
    report = json.loads(run("discover", file(SUMS.replace(",8841", ",3519")), "--format", "json").out)
    assert {(relation["holds"], relation["fails"]) for relation in report["relations"]} == {(5, 1)}
    assert report["suspects"] == []
