"""Nothing in the engine is Korean: documents of seven other languages are read by their vocabularies alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetaudit import pipeline as audit
from budgetaudit import vocabulary
from budgetaudit.authoring import cases
from budgetaudit.authoring.commands import load
from budgetaudit.rulefiles import vocabulary_file

GENERIC = load(("generic",), "en")
WORDS = vocabulary.load(GENERIC.vocabulary)
VOCABULARIES = sorted((Path(__file__).parent.parent / "rules" / "vocabulary").glob("*.yaml"))

TABLES = {
    "German": """
        (Beträge in: Franken)
        | Voranschlag 2012 | Rechnung 2010 | Rechnung 2009
        Bruttokosten | 5'362'413.85 | 6'324'955.95 | 7'019'697.30
        Erlöse | 985'029.70 | 120'698.85 | 712'132.35
        Nettokosten | 4'377'384.15 | 6'204'257.10 | 6'307'564.95
        """,
    "French": """
        Imputation | Dotation | Engagements | Paiements | Solde
        Construction | 12 450 000 | 11 000 000 | 9 310 500 | 3 139 500
        Équipement | 8 310 000 | 8 000 000 | 7 905 225 | 404 775
        Total Chapitre | 20 760 000 | 19 000 000 | 17 215 725 | 3 544 275
        """,
    "Spanish": """
        Partida | Aprobado | Adecuaciones | Modificado | Ejercido | Subejercicio
        Salud | 12,450,300 | 310,400 | 12,760,700 | 11,902,110 | 858,590
        Educación | 8,310,000 | -102,115 | 8,207,885 | 7,905,225 | 302,660
        Total general | 20,760,300 | 208,285 | 20,968,585 | 19,807,335 | 1,161,250
        """,
    "English": """
        Fund | Adopted | Amendments | Amended | Expended | Encumbered | Balance
        Police | 12,450,300 | 310,400 | 12,760,700 | 11,902,110 | 402,115 | 456,475
        Parks | 8,310,000 | -102,115 | 8,207,885 | 7,905,225 | 0 | 302,660
        Grand total | 20,760,300 | 208,285 | 20,968,585 | 19,807,335 | 402,115 | 759,135
        """,
    "Portuguese": """
        (Valores em: R$ mil)
        Função | Dotação inicial | Créditos adicionais | Dotação atualizada | Despesas liquidadas | Saldo
        Saúde | 12.450 | 310 | 12.760 | 11.902 | 858
        Educação | 8.310 | -102 | 8.208 | 7.905 | 303
        Cultura | 1.240 | 65 | 1.305 | 1.180 | 125
        Total geral | 22.000 | 273 | 22.273 | 20.987 | 1.286
        """,
    "Italian": """
        (importi in migliaia di euro)
        Missione | Stanziamento iniziale | Variazioni di bilancio | Previsioni definitive | Pagamenti | Saldo
        Istruzione | 12.450 | 310 | 12.760 | 11.902 | 858
        Trasporti | 8.310 | -102 | 8.208 | 7.905 | 303
        Cultura | 1.240 | 65 | 1.305 | 1.180 | 125
        Totale generale | 22.000 | 273 | 22.273 | 20.987 | 1.286
        """,
    "Japanese": """
        (単位:千円)
        款 | 令和7年度予算額 | 令和6年度予算額 | 比較 | 構成比(%)
        市税 | 31,204,500 | 30,118,200 | 1,086,300 | 60.1
        地方交付税 | 12,530,000 | 12,960,000 | △430,000 | 24.1
        国庫支出金 | 8,210,350 | 7,904,110 | 306,240 | 15.8
        歳入合計 | 51,944,850 | 50,982,310 | 962,540 | 100.0
        """,
}
WRONG = {
    "German": ("6'204'257.10", "6'240'257.10", {"net-cost"}),
    "French": ("404 775", "440 775", {"spending-balance", "items"}),
    "Spanish": ("858,590", "853,590", {"spending-balance", "items"}),
    "English": ("456,475", "465,475", {"spending-balance", "items"}),
    "Portuguese": ("| 303", "| 330", {"spending-balance", "items"}),
    "Italian": ("| 303", "| 330", {"spending-balance", "items"}),
    "Japanese": ("1,086,300", "1,068,300", {"change", "items"}),
}


def audited(table: str) -> audit.Audit:
    lines = "\n".join(line.strip() for line in table.strip().splitlines())
    document = cases.document(cases.Case(table=lines))
    return audit.gather([audit.audit_document(document, GENERIC, WORDS)], GENERIC)


@pytest.mark.parametrize("language", TABLES)
def test_a_balanced_table_passes(language: str) -> None:
    result = audited(TABLES[language])
    assert [finding for finding in result.findings if finding.severity != "note"] == []
    passed = {comparison.rule for comparison in result.comparisons if comparison.verdict == "pass"}
    assert passed >= WRONG[language][2]


@pytest.mark.parametrize("language", TABLES)
def test_one_wrong_cell_is_found(language: str) -> None:
    right, wrong, rules = WRONG[language]
    result = audited(TABLES[language].replace(right, wrong))
    assert {comparison.rule for comparison in result.comparisons if comparison.verdict == "fail"} == rules


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Voranschlag 2012", ("budget", "", 2012)),
        ("Rechnung '10", ("execution", "", 2010)),
        ("Total Aufwand", ("expenditure", "total", None)),
        ("Zwischentotal", ("", "subtotal", None)),
        ("Abweichung in %", ("change_rate", "", None)),
        ("Exercice 2024", ("", "", 2024)),
        ("Total des dépenses", ("expenditure", "total", None)),
        ("Taux d'exécution", ("execution_rate", "", None)),
        ("Restes à recouvrer", ("uncollected", "", None)),
        ("Recaudado (Ministrado)", ("collected", "", None)),
        ("Presupuesto vigente", ("current_budget", "", None)),
        ("Total de gastos", ("expenditure", "total", None)),
        ("Totale delle spese", ("expenditure", "total", None)),
        ("Grado di realizzazione", ("execution_rate", "", None)),
        ("Unencumbered balance", ("balance", "", None)),
        ("Amended Budget 2025", ("current_budget", "", 2025)),
        ("Phase 2012", ("", "", None)),
        ("Budget 2011-2012", ("budget", "", None)),
    ],
)
def test_labels(text: str, meaning: tuple[str, str, int | None]) -> None:
    label = WORDS.label(text)
    assert (label.measure, label.total, label.year) == meaning


@pytest.mark.parametrize("path", VOCABULARIES, ids=lambda path: path.stem)
def test_shipped_vocabularies_are_sound(path: Path) -> None:
    assert [fault.text() for fault in vocabulary_file.check(path, path.name)] == []


def test_every_vocabulary_speaks_of_known_members() -> None:
    known = vocabulary.load(("korean",)).dimensions
    for path in VOCABULARIES:
        for dimension, members in vocabulary.load((path.stem,)).dimensions.items():
            assert set(members) <= set(known[dimension]), path.stem


@pytest.mark.parametrize(
    ("rules", "text", "language"),
    [
        ("korea-local", "Bezeichnung;Ansatz 2026\nPersonal;1.902.000\nZinsen;118.900\nSumme;2.020.900\n", "german"),
        ("korea-local", "科目,令和8年度\n市税,12850\n国庫支出金,3295\n合計,16145\n", "japanese"),
        ("generic", "사업,예산액,집행액\n도로,42310,39875\n하천,18760,17020\n합계,61070,56895\n", "korean"),
        ("korea-local", "Item,2025,2026\nRoads,240,310\nParks,200,100\nTotal,440,410\n", ""),
        ("korea-local", "사업,2025년,2026년\n도로,42310,39875\n하천,18760,17020\n합계,61070,56895\n", ""),
    ],
)
def test_a_language_that_the_rules_do_not_read_is_told(tmp_path: Path, rules: str, text: str, language: str) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(text, encoding="utf-8")
    (source,) = audit.audit([path], rules=rules).inputs
    told = [(problem.message.args["language"], problem.level) for problem in source.problems]
    assert told == ([(language, "notice")] if language else [])
