"""Texts of marked copies: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {
    "marks.sign-F": {"ko": "세로 합계가 맞음", "en": "footed: the column adds up"},
    "marks.sign-C": {"ko": "가로 합계가 맞음", "en": "cross-footed: the row adds up"},
    "marks.sign-T": {"ko": "다른 곳의 금액과 맞음", "en": "tied out: another place says the same"},
    "marks.sign-R": {"ko": "다시 계산하여 맞음", "en": "recalculated"},
    "marks.written": {"ko": "{path}: 표시한 사본을 썼습니다", "en": "{path}: marked copy written"},
    "marks.workbook": {
        "ko": "{path}: {format} 문서에는 표시를 남길 수 없어 통합문서 {target}에 표시합니다",
        "en": "{path}: a {format} document cannot be marked in place; the workbook {target} is marked instead",
    },
    "marks.lost": {
        "ko": "{path}: 문서에서 자리를 찾지 못해 표시하지 못한 것: {which}",
        "en": "{path}: not found in the document and not marked: {which}",
    },
    "marks.broken": {
        "ko": "{path}: 사본을 만들 수 없습니다(암호나 손상). 보고서를 쓰십시오",
        "en": "{path}: no copy can be made of it (protected or damaged); use a report instead",
    },
    "marks.suffix": {
        "ko": "{path}: 사본은 원본과 형식이 같습니다. 확장자를 {suffix}(으)로 하거나 폴더를 지정하십시오",
        "en": "{path}: a copy has the format of its document; name a {suffix} file or a folder",
    },
    "marks.together": {
        "ko": "--tick-marks는 --marked와 함께 쓰십시오",
        "en": "--tick-marks needs --marked",
    },
}
