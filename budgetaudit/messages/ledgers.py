"""Texts of ledgers: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {
    "ledger-changed": {
        "ko": "{path}이(가) 읽는 동안 바뀌었습니다. 다 쓰인 뒤에 다시 대조하십시오",
        "en": "{path} changed while it was read; check it again when it is no longer written to",
    },
    "engine-document": {
        "ko": "원장이 아니라 문서로 읽었으므로 --engine {engine}은(는) 쓰이지 않았습니다",
        "en": "read as a document, not as a ledger: --engine {engine} was not used",
    },
    "database-table": {
        "ko": "어느 표인지 이름이 없습니다: {url}#표이름 또는 '{url}#select …'. 표: {tables}",
        "en": "no table is named: {url}#table, or '{url}#select …'; tables: {tables}",
    },
    "ledger-rows": {"ko": "{n}개 행", "en": "{n} rows"},
    "ledger-rows.one": {"ko": "{n}개 행", "en": "{n} row"},
    "ledger-engine": {
        "ko": "{rows}을(를) {engine} 엔진으로 대조함 ({why})",
        "en": "{rows} by the {engine} engine ({why})",
    },
    "ledger-why-asked": {"ko": "--engine으로 지정", "en": "chosen with --engine"},
    "ledger-why-default": {"ko": "기본 엔진", "en": "the default"},
    "ledger-why-large": {"ko": "열쇠가 메모리에 다 들어가지 않을 수 있음", "en": "its keys may not fit in memory"},
    "ledger-document": {
        "ko": "원장이 아니라 문서로 읽었습니다. 발견 사항은 모두 보고서에 있고 {path}은(는) 쓰지 않았습니다",
        "en": "this was read as a document, not as a ledger: all its findings are in the report, and {path} was not written",
    },
    "ledger-shown": {
        "ko": "규칙 {rule}: 발견 {failed}건 가운데 차이가 큰 {shown}건을 보고서에 실었습니다. 모두 쓰려면 --all-findings",
        "en": "rule {rule}: of {failed} findings the {shown} with the largest differences are in the report; "
        "--all-findings writes all of them to a file",
    },
    "ledger-floats": {
        "ko": "{columns} 열은 이진 부동소수점입니다. 각 수는 그것을 나타내는 가장 짧은 십진수로 읽었습니다",
        "en": "the columns {columns} are binary floating point; each number was read as the shortest decimal that prints it",
    },
    "ledger-reason-blank": {"ko": "빈칸이 있음", "en": "blank cells"},
    "ledger-reason-malformed": {"ko": "금액이 아닌 칸이 있음", "en": "cells that are not amounts"},
    "ledger-reason-zero-divisor": {"ko": "나누는 값이 0", "en": "a divisor that is zero"},
    "ledger-reason-misread": {
        "ko": "열 이름으로 짐작한 관계가 대부분의 행에서 성립하지 않음({columns}): 규칙 파일의 `columns:`로 열의 뜻을 밝히십시오",
        "en": "the relation read off the column names ({columns}) fails in many rows: say what they mean with `columns:` "
        "in the rule file",
    },
    "ledger-not-linear": {
        "ko": "규칙 {rule}: 열의 합과 비율로 나타낼 수 없는 식은 원장에서 대조할 수 없습니다",
        "en": "rule {rule}: a formula that is not a sum or ratio of columns cannot be run over a ledger",
    },
    "ledger-published": {
        "ko": "규칙 {rule}: 공표 자료 {file}을(를) 읽을 수 없습니다({reason})",
        "en": "rule {rule}: the published file {file} cannot be read ({reason})",
    },
    "ledger-published-columns": {
        "ko": "규칙 {rule}: 공표 자료 {file}에 {columns} 열이 없습니다",
        "en": "rule {rule}: the published file {file} has no columns {columns}",
    },
    "ledger-header": {
        "ko": "첫 줄이 열 이름이 아니거나 행마다 칸 수가 다릅니다. 원장은 머리글 한 줄로 시작해야 합니다",
        "en": "the first line does not name the columns, or rows differ in their number of fields; "
        "a ledger begins with one header line",
    },
    "ledger-no-rows": {
        "ko": "머리글 아래에 행이 하나도 없습니다",
        "en": "there are no rows below the header line",
    },
    "ledger-broken": {"ko": "파일을 읽을 수 없습니다({reason})", "en": "the file cannot be read ({reason})"},
    "ledger-zip": {
        "ko": "압축 파일에 파일이 {members}개 있습니다. 원장 하나만 넣으십시오",
        "en": "the archive holds {members} files; it must hold one ledger only",
    },
    "ledger-bomb": {
        "ko": "압축을 풀면 {ratio}배가 넘습니다. 정상적인 원장이 아니므로 읽지 않았습니다",
        "en": "the file inflates more than {ratio}-fold; this is not a ledger and was not read",
    },
    "ledger-line": {
        "ko": "한 줄이 {limit} MiB를 넘습니다. CSV 파일인지 확인하십시오",
        "en": "a line is longer than {limit} MiB; is this a CSV file?",
    },
    "ledger-parts": {
        "ko": "{part} 파일의 열이 폴더의 다른 파일과 다릅니다",
        "en": "the columns of {part} differ from those of the other files in the folder",
    },
    "ledger-engine-format": {
        "ko": "{engine} 엔진은 CSV와 Parquet 파일만 읽습니다. `--engine pandas`로 실행하십시오",
        "en": "the {engine} engine reads CSV and Parquet files only; run it with `--engine pandas`",
    },
}
