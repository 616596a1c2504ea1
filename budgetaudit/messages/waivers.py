"""Texts of the waivers: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {
    "waiver-reason": {"ko": "{reason} ({author}, {expires}까지)", "en": "{reason} ({author}, until {expires})"},
    "waiver-unused": {
        "ko": "예외 인정 '{rule}' ({place}): 해당하는 발견 사항이 없습니다. 지우십시오.",
        "en": "the waiver of {rule} ({place}) fits no finding; remove it",
    },
    "waiver-changed": {
        "ko": "예외 인정 '{rule}' ({place}): 차이가 {was}에서 {now}(으)로 달라져 효력이 없습니다. 다시 검토하십시오.",
        "en": "the waiver of {rule} ({place}) is void: the difference was {was} and is now {now}; review it again",
    },
    "waiver-expired": {
        "ko": "예외 인정 '{rule}' ({place}): {expires}에 끝났습니다. 다시 검토하십시오.",
        "en": "the waiver of {rule} ({place}) ended on {expires}; review it again",
    },
    "waiver-draft": {
        "ko": "예외 인정 '{rule}' ({place}): 초안이라 효력이 없습니다. 사유(reason)와 검토자(author)를 적으십시오.",
        "en": "the waiver of {rule} ({place}) is a draft and waives nothing; give its reason and author",
    },
    "waiver-ambiguous": {
        "ko": "예외 인정 '{rule}' ({place}): 서로 다른 발견 사항 {count}건에 해당하여 효력이 없습니다. "
        "file, table, fingerprint로 하나를 지정하십시오.",
        "en": "the waiver of {rule} ({place}) fits {count} different findings and waives none; "
        "name one by file, table or fingerprint",
    },
    "baseline-known": {
        "ko": "기준선에 있던 발견 사항 {known}건은 세지 않았습니다.",
        "en": "{known} known findings are not counted",
    },
    "baseline-gone": {
        "ko": "기준선에 있던 발견 사항 {known}건은 세지 않았고, {gone}건은 해소되었습니다. "
        "파일을 지우고 다시 실행하면 기준선이 줄어듭니다.",
        "en": "{known} known findings are not counted, {gone} are gone; delete the file and run again to shrink the baseline",
    },
    "baseline-unreadable": {"ko": "{path}: 읽을 수 없습니다: {reason}", "en": "{path}: cannot be read: {reason}"},
    "baseline-broken": {
        "ko": "{path}: budgetaudit 기준선이 아닙니다. 다른 파일을 지정하거나 지우고 다시 만드십시오.",
        "en": "{path}: not a baseline of budgetaudit; name another file, or delete it and run again",
    },
    "waiver-list": {
        "ko": "예외 인정 파일은 항목마다 rule, place, difference, reason, author, expires를 적은 목록이어야 합니다",
        "en": "a waiver file is a list, each item with rule, place, difference, reason, author and expires",
    },
    "waiver-date": {"ko": "'{text}'은(는) 날짜가 아닙니다 (예: 2026-12-31)", "en": "'{text}' is not a date (write 2026-12-31)"},
}
