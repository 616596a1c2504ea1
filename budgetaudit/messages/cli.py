"""Texts of the cli: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {
    "cli.usage": {"ko": "{command}: {text} (사용법: {command} --help)", "en": "{command}: {text} (see: {command} --help)"},
    "usage-option": {"ko": "'{name}' 옵션이 없습니다{hint}", "en": "no option '{name}'{hint}"},
    "usage-command": {"ko": "'{name}' 명령이 없습니다{hint}", "en": "no command '{name}'{hint}"},
    "usage-missing": {"ko": "{name}을(를) 지정하십시오", "en": "{name} is missing"},
    "usage-no-value": {"ko": "'{name}'에 값을 주십시오", "en": "'{name}' needs a value"},
    "usage-choice": {"ko": "{name}: 쓸 수 없는 값 '{value}'{hint}", "en": "{name}: '{value}' is not a choice{hint}"},
    "usage-other": {"ko": "{text}", "en": "{text}"},
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
        "ko": "{path}: 이번 실행이 읽거나 다른 결과를 쓰는 파일이라 덮어쓰지 않습니다. 다른 파일을 지정하십시오.",
        "en": "{path}: this run reads it, or writes something else to it, and will not overwrite it; name another file.",
    },
    "cli.binary": {
        "ko": "{format} 보고서는 화면에 쓸 수 없습니다. --output 파일을 지정하십시오.",
        "en": "A report in {format} cannot go to the screen; give --output a file.",
    },
    "cli.waivers-exist": {
        "ko": "{path}: 이미 있습니다. 검토한 예외 인정을 덮어쓰지 않도록 다른 파일을 지정하십시오.",
        "en": "{path}: exists already; name another file, so that no reviewed waiver is lost.",
    },
    "cli.waivers-updated": {
        "ko": "{path}: 효력이 없는 예외 인정 {dropped}건을 지우고 {kept}건을 남겼습니다.",
        "en": "{path}: {dropped} dead waivers dropped, {kept} kept.",
    },
    "cli.baseline-written": {
        "ko": "{path}: 발견 사항 {count}건으로 기준선을 만들었습니다. 다음 실행부터 세지 않습니다.",
        "en": "{path}: baseline of {count} findings written; they are not counted from the next run on.",
    },
    "cli.written": {"ko": "{path}: 저장했습니다. {verdict}", "en": "{path} written. {verdict}"},
    "cli.suffix": {
        "ko": "{path}: '{suffix}' 형식의 보고서는 없습니다. 다음 중에서 고르거나 --format을 지정하십시오: {known}",
        "en": "{path}: no report has the suffix '{suffix}'; use one of {known}, or give --format.",
    },
    "cli.is-file": {
        "ko": "'{name}' 명령은 없습니다. 파일을 점검하려면: budgetaudit check {name}",
        "en": "'{name}' is a file, not a command; to audit it: budgetaudit check {name}",
    },
    "usage-integer": {"ko": "{name}: 정수가 아닌 값 '{value}'", "en": "{name}: '{value}' is not a whole number"},
    "usage-range": {
        "ko": "{name}: '{value}'은(는) 범위를 벗어납니다 ({range})",
        "en": "{name}: {value} is out of range ({range})",
    },
    "rule-level": {
        "ko": "'{text}'을(를) 읽을 수 없습니다. 규칙=error, 규칙=warning, 규칙=note 가운데 하나로 적으십시오",
        "en": "cannot read '{text}'; write RULE=error, RULE=warning or RULE=note",
    },
    "config-levels": {"ko": "규칙 = 등급의 표", "en": "a table of RULE = LEVEL"},
    "config-per-file": {"ko": "경로 = 규칙 목록의 표", "en": "a table of PATH = rules to ignore"},
    "audit-died": {
        "ko": "점검하던 프로세스가 죽었습니다(메모리 부족일 수 있음). 이 파일만 따로 점검해 보십시오",
        "en": "the process that audited it died (out of memory, perhaps); try this file by itself",
    },
    "config-no-table": {"ko": "[tool.budgetaudit] 표가 없습니다", "en": "has no table [tool.budgetaudit]"},
    "config-key": {"ko": "알 수 없는 키 '{key}'{hint}", "en": "unknown key '{key}'{hint}"},
    "config-type": {"ko": "'{key}'의 값은 {expected}이어야 합니다", "en": "the value of '{key}' must be {expected}"},
    "config-texts": {"ko": "글 하나 또는 글의 목록", "en": "text or a list of texts"},
    "config-text": {"ko": "따옴표로 묶은 글", "en": "text in quotation marks"},
    "config-syntax": {"ko": "TOML이 아닙니다: {reason}", "en": "not TOML: {reason}"},
    "config-owner": {
        "ko": "다른 사용자의 설정 파일이라 따르지 않습니다. 쓰려면 --config {file}, 쓰지 않으려면 --no-config를 지정하십시오",
        "en": "belongs to another user and is ignored; give --config {file} to accept it, or --no-config",
    },
    "config-unreadable": {"ko": "읽을 수 없습니다: {reason}", "en": "cannot be read: {reason}"},
    "cli.progress": {"ko": "{done}/{total} {path}", "en": "{done}/{total} {path}"},
    "cli.progress-part": {"ko": "{percent}% {path}", "en": "{percent} % of {path}"},
    "cli.one-ledger": {"ko": "--all-findings에는 원장을 하나만 지정하십시오", "en": "--all-findings takes one ledger at a time"},
    "cli.rules-id": {"ko": "규칙은 하나만 지정하십시오", "en": "Name one rule, or none to list them"},
    "cli.rules-lint": {"ko": "점검할 규칙 파일을 지정하십시오", "en": "Name the rule files to check"},
    "cli.rules-test": {
        "ko": "시험할 규칙 파일 하나와, 필요하면 사례 파일이나 폴더를 지정하십시오",
        "en": "Name one rule file, and the file or folder of its cases if it is not beside it",
    },
    "cli.rules-new": {"ko": "표가 든 파일 하나를 지정하십시오", "en": "Name one file with a table to begin rules from"},
    "cli.rules-schema": {"ko": "schema 뒤에는 아무것도 적지 않습니다", "en": "Nothing follows schema"},
    "cli.lint-clean": {"ko": "{file}: {rules}, 잘못된 곳 없음", "en": "{file}: {rules}, no mistakes"},
    "cli.new-no-table": {"ko": "{file}: 열 이름이 있는 표가 없습니다.", "en": "{file}: there is no table with named columns."},
    "cli.unknown-rule": {
        "ko": "'{rule}' 규칙이 없습니다{hint}. 'budgetaudit rules'로 목록을 보십시오",
        "en": "unknown rule '{rule}'{hint}; see the list with 'budgetaudit rules'",
    },
    "cli.standard-output": {"ko": "표준 출력", "en": "standard output"},
    "cli.nothing-checked": {
        "ko": "{path}: 대조한 수치가 없습니다. 'budgetaudit tables {path}'(으)로 읽은 표를 확인하십시오.",
        "en": "{path}: no figure was checked; see what was read with 'budgetaudit tables {path}'.",
    },
    "cli.coverage": {
        "ko": "{path}: 수치 {figures}개 중 {covered}개({share}%)만 등식으로 확인됨. --min-coverage {least}에 못 미칩니다.",
        "en": "{path}: {covered} of {figures} figures are proven ({share}%), less than --min-coverage {least}.",
    },
    "cli.percent": {"ko": "{value}은(는) 0에서 100까지의 수가 아닙니다.", "en": "{value} is not a number from 0 to 100."},
}
