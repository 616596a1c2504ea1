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
        "ko": "예외 인정 '{rule}': 사유가 초안 그대로입니다. 검토하고 사유를 적으십시오.",
        "en": "the waiver of {rule} still gives the draft's reason; review it and say why",
    },
    "waiver-list": {
        "ko": "예외 인정 파일은 항목마다 rule, place, difference, reason, author, expires를 적은 목록이어야 합니다",
        "en": "a waiver file is a list, each item with rule, place, difference, reason, author and expires",
    },
    "waiver-date": {"ko": "'{text}'은(는) 날짜가 아닙니다 (예: 2026-12-31)", "en": "'{text}' is no date (write 2026-12-31)"},
}
