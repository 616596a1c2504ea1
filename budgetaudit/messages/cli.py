"""Texts of the cli: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {
    "cli.usage": {"ko": "{command}: {text} (사용법: {command} --help)", "en": "{command}: {text} (see: {command} --help)"},
    "cli.internal": {
        "ko": "budgetaudit: 내부 오류({error})로 점검을 마치지 못했습니다. BUDGETAUDIT_DEBUG=1로 다시 실행해 알려 주십시오.",
        "en": "budgetaudit: internal error ({error}), the audit is not complete; "
        "run it again with BUDGETAUDIT_DEBUG=1 and report what it prints.",
    },
    "cli.unwritable": {
        "ko": "{path}: 쓸 수 없습니다 ({reason}). 쓸 수 있는 폴더의 파일을 지정하십시오.",
        "en": "{path}: cannot be written ({reason}); name a file in a folder you may write to.",
    },
    "cli.input-as-output": {
        "ko": "{path}: 입력 파일은 고치지 않습니다. --output에 다른 파일을 지정하십시오.",
        "en": "{path}: is an input, and inputs are never changed; give --output another file.",
    },
    "cli.binary": {
        "ko": "{format} 보고서는 화면에 쓸 수 없습니다. --output 파일을 지정하십시오.",
        "en": "A report in {format} cannot go to the screen; give --output a file.",
    },
    "cli.waivers-exist": {
        "ko": "{path}: 이미 있습니다. 검토한 예외 인정을 덮어쓰지 않도록 다른 파일을 지정하십시오.",
        "en": "{path}: exists already; name another file, so that no reviewed waiver is lost.",
    },
    "cli.unknown-rule": {"ko": "'{rule}' 규칙이 없습니다{hint}", "en": "unknown rule '{rule}'{hint}"},
    "cli.one-rule": {"ko": "규칙은 하나만 지정하십시오", "en": "Name one rule, or none to list them"},
    "cli.lint-what": {"ko": "점검할 규칙 파일을 지정하십시오", "en": "Name the rule files to check"},
    "cli.lint-clean": {"ko": "{file}: {rules}, 잘못된 곳 없음", "en": "{file}: {rules}, no mistakes"},
    "cli.standard-output": {"ko": "표준 출력", "en": "standard output"},
    "cli.nothing-checked": {
        "ko": "{path}: 대조한 것이 없습니다. 'budgetaudit tables {path}'로 읽은 표를 확인하십시오.",
        "en": "{path}: nothing was checked; see what was read with 'budgetaudit tables {path}'.",
    },
}
