"""Texts of the readers: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {
    "read-hwp3": {
        "ko": "한글 3.x 이하에서 만든 HWP 파일은 읽지 않습니다. 한글에서 HWPX로 다시 저장하십시오.",
        "en": "HWP files of version 3 are not read; save the document as HWPX in Hangul",
    },
    "read-distribution-extra": {
        "ko": "배포용 HWP 문서를 읽으려면 cryptography가 필요합니다: pip install 'budgetaudit[hwp]'",
        "en": "reading an HWP distribution document needs cryptography: pip install 'budgetaudit[hwp]'",
    },
    "read-hwp-tracked": {
        "ko": "변경 추적을 켠 HWP 문서라서 지운 글이 섞였을 수 있습니다. HWPX로 저장해 다시 검사하십시오.",
        "en": "the HWP document tracks changes: deleted text may be included; save it as HWPX and check again",
    },
    "read-broken": {
        "ko": "{format} 파일이 손상되었거나 일부만 저장되었습니다({part}). 원본을 다시 받아 여십시오.",
        "en": "the {format} file is damaged or incomplete ({part}); fetch the original again",
    },
    "read-part-unread": {
        "ko": "{part} 부분을 읽지 못했습니다: {why}",
        "en": "{part} could not be read: {why}",
    },
    "read-password": {
        "ko": "암호가 걸린 {format} 파일입니다. 암호를 풀어 다시 저장하십시오.",
        "en": "the {format} file is protected by a password; save it again without one",
    },
    "read-dtd": {
        "ko": "{format} 파일의 {part}에 문서 형식 선언(DTD)이 있어 읽지 않습니다. 한글 등 원래 프로그램에서 다시 저장하십시오.",
        "en": "{part} of the {format} file declares a document type (DTD), which is refused; save it again in its own program",
    },
    "read-too-large": {
        "ko": "{format} 파일의 {part} 크기가 한도({limit})를 넘습니다. 문서를 나누어 저장하십시오.",
        "en": "{part} of the {format} file exceeds the limit ({limit}); split the document",
    },
    "read-too-deep": {
        "ko": "{format} 파일에서 표나 글상자가 {limit}겹보다 깊게 들어 있어 읽지 않습니다. 문서를 다시 저장하거나 나누십시오.",
        "en": "tables or boxes of the {format} file are nested deeper than {limit}; save it again or split it",
    },
}
