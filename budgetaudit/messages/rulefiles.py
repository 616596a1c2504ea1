"""Texts of the rulefiles: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {
    # files and YAML
    "yaml-missing": {"ko": "파일이 없습니다 (경로를 확인하십시오)", "en": "no such file (check the path)"},
    "yaml-directory": {"ko": "폴더입니다 (파일을 지정하십시오)", "en": "is a folder (name a file)"},
    "yaml-unreadable": {"ko": "읽을 수 없습니다: {reason}", "en": "cannot be read: {reason}"},
    "yaml-too-large": {
        "ko": "파일이 {limit} MB보다 큽니다 (나누어 include 하십시오)",
        "en": "larger than {limit} MB (split it and use include)",
    },
    "yaml-encoding": {"ko": "UTF-8이 아닙니다 (UTF-8로 저장하십시오)", "en": "not UTF-8 (save the file as UTF-8)"},
    "yaml-character": {
        "ko": "YAML에 쓸 수 없는 문자가 있습니다 (지우십시오)",
        "en": "a character YAML does not allow (remove it)",
    },
    "yaml-syntax": {"ko": "YAML 문법 오류: {reason}", "en": "not YAML: {reason}"},
    "yaml-empty": {"ko": "내용이 없습니다 (규칙을 하나 이상 쓰십시오)", "en": "nothing in it (write at least one rule)"},
    "yaml-documents": {
        "ko": "문서가 둘 이상입니다 ('---' 아래를 다른 파일로 옮기십시오)",
        "en": "a second document (move what follows '---' to another file)",
    },
    "yaml-too-many": {
        "ko": "항목이 {limit}개를 넘습니다 (파일을 나누십시오)",
        "en": "more than {limit} entries (split the file)",
    },
    "yaml-too-deep": {
        "ko": "{limit}단계보다 깊이 들어갔습니다 (단계를 줄이십시오)",
        "en": "nested more than {limit} levels deep (flatten it)",
    },
    "yaml-tag": {"ko": "쓸 수 없는 태그 '{tag}' (태그를 지우십시오)", "en": "tag '{tag}' is not allowed (remove it)"},
    "yaml-nested-alias": {
        "ko": "앵커 안의 별칭 '*{name}' (그대로 풀어 쓰십시오)",
        "en": "alias '*{name}' inside an anchor is not allowed (write it out)",
    },
    "yaml-unknown-alias": {
        "ko": "앵커 없는 별칭 '*{name}' ('&{name}'을(를) 먼저 쓰십시오)",
        "en": "alias '*{name}' has no anchor (write '&{name}' first)",
    },
    "yaml-key": {"ko": "키는 글자여야 합니다", "en": "a key must be plain text"},
    "yaml-duplicate": {
        "ko": "키 '{key}' 중복 (처음은 {first}행)",
        "en": "key '{key}' appears twice (first on line {first})",
    },
    # what a rule file may say
    "did-you-mean": {"ko": " (혹시 '{name}'?)", "en": " (did you mean '{name}'?)"},
    "allowed": {"ko": " (쓸 수 있는 것: {names})", "en": " (allowed: {names})"},
    "unknown-key": {"ko": "모르는 키 '{key}'{hint}", "en": "unknown key '{key}'{hint}"},
    "missing-key": {"ko": "빠진 키 '{key}' (필요한 형태: {expected})", "en": "'{key}' is missing (give {expected})"},
    "unknown-rule": {"ko": "'{name}' 규칙이 없습니다{hint}", "en": "unknown rule '{name}'{hint}"},
    "extends-twice": {
        "ko": "'{name}' 규칙도 다른 규칙을 이어받습니다. 처음 규칙의 id를 적으십시오",
        "en": "'{name}' extends another rule itself; name the first one",
    },
    "bad-filter": {
        "ko": "rows 조건 '{text}'을(를) 읽을 수 없습니다 ('{at}' 부근; 예: 구분 = '세출' and 연도 >= 2024)",
        "en": "cannot read the filter '{text}' near '{at}' (write: kind = 'spent' and year >= 2024)",
    },
    "type-filter": {"ko": "행의 조건", "en": "a condition on rows"},
    "unknown-kind": {"ko": "모르는 종류 '{name}'{hint}", "en": "unknown kind '{name}'{hint}"},
    "unknown-dimension": {"ko": "모르는 차원 '{name}'{hint}", "en": "unknown dimension '{name}'{hint}"},
    "unknown-member": {"ko": "{dimension}에 없는 구성원 '{name}'{hint}", "en": "'{name}' is no member of {dimension}{hint}"},
    "unknown-choice": {"ko": "{key}: 쓸 수 없는 값 '{name}'{hint}", "en": "{key}: '{name}' is not a choice{hint}"},
    "unknown-language": {"ko": "{key}: 모르는 언어 '{name}'{hint}", "en": "{key}: unknown language '{name}'{hint}"},
    "wrong-type": {
        "ko": "{key}: 필요한 형태는 {expected}, 현재는 {found}",
        "en": "{key}: expected {expected}, found {found}",
    },
    "empty-value": {"ko": "{key}: 값이 비어 있습니다 (필요한 형태: {expected})", "en": "{key}: no value (give {expected})"},
    "bad-tolerance": {
        "ko": "tolerance: 읽을 수 없는 값 '{text}' (rounding, truncation, exact, 1000 같은 금액, 0.5% 같은 비율 중 하나)",
        "en": "tolerance: cannot read '{text}' (one of rounding, truncation, exact, an amount such as 1000, 0.5%)",
    },
    "bad-formula": {"ko": "{key}: {position}번째 글자: {reason}", "en": "{key}: character {position}: {reason}"},
    "bad-id": {
        "ko": "id '{id}'에 쓸 수 없는 문자가 있습니다 (글자, 숫자, '-', '_', '.'만, 80자까지)",
        "en": "id '{id}' is not allowed (letters, digits, '-', '_' and '.' only, at most 80)",
    },
    "duplicate-id": {
        "ko": "같은 id가 {file}:{line}에 이미 있습니다 (다른 id를 쓰십시오)",
        "en": "the same id is already at {file}:{line} (choose another)",
    },
    "not-rules": {
        "ko": "규칙 목록이나 'rules:'가 있는 매핑이어야 합니다",
        "en": "must be a list of rules, or a mapping with 'rules:'",
    },
    "no-rules": {
        "ko": "규칙이 하나도 없습니다 ('rules:'에 규칙을 쓰거나 'include:'로 다른 파일을 부르십시오)",
        "en": "no rule in it (write one under 'rules:', or 'include:' a file that holds some)",
    },
    "unknown-pack": {"ko": "없는 규칙 묶음 또는 파일 '{name}'{hint}", "en": "no pack or file is called '{name}'{hint}"},
    "unknown-vocabulary": {"ko": "vocabulary: 없는 어휘 '{name}'{hint}", "en": "vocabulary: there is no '{name}'{hint}"},
    "include": {"ko": "include한 '{name}': {reason}", "en": "include '{name}': {reason}"},
    "not-vocabulary": {"ko": "어휘 파일은 매핑이어야 합니다", "en": "a vocabulary must be a mapping"},
    "label-twice": {
        "ko": "'{label}'의 뜻이 둘 (이미 {line}행에서 {known})",
        "en": "'{label}' has two meanings (it is {known} already, on line {line})",
    },
    "too-many-files": {"ko": "규칙 파일이 {limit}개를 넘습니다", "en": "more than {limit} rule files"},
    "unknown-unit": {
        "ko": "tolerance: 모르는 단위 '{unit}' (원, 천원, 백만원처럼 쓰거나 단위를 빼십시오)",
        "en": "tolerance: unknown unit '{unit}' (a unit of the vocabulary, or none)",
    },
    "too-many-faults": {
        "ko": "잘못이 {limit}개를 넘어 여기서 멈춥니다",
        "en": "more than {limit} mistakes; the rest is not read",
    },
    "empty-folder": {"ko": "폴더에 .yaml 파일이 없습니다", "en": "the folder holds no .yaml file"},
    # the types of values, as nouns inside the sentences above
    "type-text": {"ko": "글", "en": "text"},
    "type-identifier": {"ko": "my-balance 같은 짧은 이름", "en": "a short name such as my-balance"},
    "type-kind": {"ko": "sum 같은 종류 이름", "en": "the name of a kind such as sum"},
    "type-list": {"ko": "목록", "en": "a list"},
    "type-mapping": {"ko": "매핑", "en": "a mapping"},
    "type-bool": {"ko": "true 또는 false", "en": "true or false"},
    "type-number": {"ko": "숫자", "en": "a number"},
    "type-selector": {
        "ko": "'measure: execution' 같은 매핑이나 열 이름",
        "en": "a mapping such as 'measure: execution', or a column's name",
    },
    "type-formula": {"ko": "'a - b = c' 같은 식", "en": "a formula such as 'a - b = c'"},
    "type-dimension": {"ko": "차원 이름", "en": "the name of a dimension"},
    "type-member": {"ko": "차원의 구성원", "en": "a member of a dimension"},
    "type-texts": {"ko": "글 또는 {{ko: …, en: …}}", "en": "text or {{ko: …, en: …}}"},
    "type-tolerance": {"ko": "rounding, exact, 금액 또는 비율", "en": "rounding, exact, an amount or a percentage"},
    # formulas
    "formula-too-long": {
        "ko": "식이 {limit}자보다 깁니다 (규칙을 나누십시오)",
        "en": "longer than {limit} characters (split the rule)",
    },
    "formula-too-many": {
        "ko": "연산이 {limit}개를 넘습니다 (규칙을 나누십시오)",
        "en": "more than {limit} operations (split the rule)",
    },
    "formula-too-deep": {"ko": "괄호가 {limit}겹을 넘습니다", "en": "nested more than {limit} levels deep"},
    "formula-character": {
        "ko": "읽을 수 없는 문자 '{character}' (이름의 일부라면 이름을 [ ]로 묶으십시오)",
        "en": "cannot read '{character}' (if it belongs to a name, put the name in [ ])",
    },
    "formula-quote": {"ko": "닫는 {quote} 가 없습니다", "en": "the closing {quote} is missing"},
    "formula-empty-name": {"ko": "이름이 비어 있습니다", "en": "an empty name"},
    "formula-number": {
        "ko": "수가 아닌 '{text}' (1234.5 또는 1,234.5처럼 쓰고, 이름이면 [ ]로 묶으십시오)",
        "en": "'{text}' is no number (write 1234.5 or 1,234.5; if it is a name, put it in [ ])",
    },
    "formula-grouped": {
        "ko": "함수 안의 '{text}'은(는) 한 수인지 두 수인지 알 수 없습니다 ({plain} 또는 쉼표 뒤에 빈칸)",
        "en": "'{text}' inside a function may be one number or several (write {plain}, or a space after the comma)",
    },
    "formula-end": {"ko": "식이 여기서 끝남 (필요한 것: {expected})", "en": "the formula ends here: {expected} is needed"},
    "formula-unexpected": {"ko": "'{text}' 대신 필요한 것: {expected}", "en": "'{text}' where {expected} is needed"},
    "formula-want-formula": {"ko": "식", "en": "a formula"},
    "formula-want-operator": {"ko": "연산자", "en": "an operator"},
    "formula-want-operand": {"ko": "이름이나 숫자", "en": "a name or a number"},
    "formula-adjacent": {
        "ko": "'{left}', '{right}' 사이에 연산자 없음 (한 이름이면 [{name}])",
        "en": "no operator between '{left}' and '{right}' (if this is one name, write [{name}])",
    },
    "formula-two-comparisons": {
        "ko": "비교는 한 번만 쓸 수 있습니다 (규칙을 둘로 나누십시오)",
        "en": "only one comparison is allowed (write two rules)",
    },
    "formula-no-comparison": {"ko": "비교가 없습니다 (예: 'a - b = c')", "en": "no comparison (for example 'a - b = c')"},
    "formula-no-names": {"ko": "열 이름이 하나도 없습니다", "en": "no column is named"},
    "formula-function": {
        "ko": "없는 함수 '{name}'{hint} (괄호가 든 이름이면 [ ]로 묶으십시오)",
        "en": "there is no function '{name}'{hint} (a name with brackets goes in [ ])",
    },
    "formula-arguments": {
        "ko": "{name}: 인수는 {least}~{most}개, 현재 {given}개",
        "en": "{name} takes {least} to {most} arguments, not {given}",
    },
    "formula-arguments-exact": {
        "ko": "{name}: 인수는 {least}개, 현재 {given}개",
        "en": "{name} takes {least} arguments, not {given}",
    },
    "formula-condition": {"ko": "if의 첫 인수는 비교여야 합니다", "en": "the first argument of if must be a comparison"},
    "formula-digits": {
        "ko": "round의 둘째 인수는 -12부터 12까지의 정수여야 합니다",
        "en": "the second argument of round must be a whole number from -12 to 12",
    },
    "formula-first": {
        "ko": "first의 인수는 이름이어야 하고, 마지막만 수일 수 있습니다 (예: first(이월액, 0))",
        "en": "the arguments of first must be names, the last one may be a number (for example first(carry_over, 0))",
    },
    "formula-cum": {"ko": "cum 안에 cum을 쓸 수 없습니다", "en": "cum inside cum is not allowed"},
    # why a formula has no value
    "formula-absent": {"ko": "없는 열 '{name}'", "en": "there is no column '{name}'"},
    "formula-blank": {"ko": "빈칸 '{name}'", "en": "'{name}' is blank"},
    "formula-division": {"ko": "0으로 나눕니다", "en": "division by zero"},
    "formula-no-year": {"ko": "앞 연도가 없습니다", "en": "there is no earlier year"},
    # explaining a rule
    "explain-catalogue": {"ko": "규칙 목록", "en": "The rules"},
    "explain-generated": {
        "ko": "이 목록은 `budgetaudit rules --markdown`이 규칙 파일에서 만듭니다. 여기를 고치지 말고 규칙 파일을 고치십시오. "
        "어떤 지적을 받아들이려면 규칙 id, 자리, 차이, 사유를 예외 파일에 적고 "
        "`budgetaudit check FILE --waivers waivers.yaml`로 실행하십시오.",
        "en": "Made from the rule files by `budgetaudit rules --markdown`: mend the rule files, not this page. "
        "To accept a finding, write the rule's id, the place, the difference and the reason into a waiver file and run "
        "`budgetaudit check FILE --waivers waivers.yaml`.",
    },
    "explain-rule": {"ko": "규칙", "en": "Rule"},
    "explain-what": {"ko": "내용", "en": "What"},
    "explain-why": {"ko": "이유", "en": "Why"},
    "explain-basis": {"ko": "근거", "en": "Basis"},
    "explain-kind": {"ko": "종류", "en": "Kind"},
    "explain-settings": {"ko": "설정", "en": "Settings"},
    "explain-where": {"ko": "적용 범위", "en": "Where"},
    "explain-severity": {"ko": "중요도", "en": "Severity"},
    "explain-tolerance": {"ko": "허용 오차", "en": "Tolerance"},
    "tolerance.rounding": {"ko": "반올림 범위", "en": "rounding"},
    "tolerance.exact": {"ko": "없음(정확히 일치)", "en": "none (exact)"},
    "tolerance.truncation": {"ko": "절사 범위", "en": "truncation"},
    "explain-example": {"ko": "예", "en": "Example"},
    "explain-retired": {"ko": "쓰지 않음 (이 판부터)", "en": "Retired since"},
    "explain-packs": {"ko": "규칙 묶음", "en": "Packs"},
    "explain-source": {"ko": "정의된 곳", "en": "Defined in"},
    "explain-waive": {"ko": "예외로 두려면", "en": "To waive"},
    "explain-how-to-waive": {
        "ko": "예외 파일에 'rule: {id}'와(과) 자리, 차이, 사유를 적고 --waivers로 지정하십시오",
        "en": "write 'rule: {id}' with place, difference and reason into a waiver file and give it with --waivers",
    },
    # remarks on rules that load
    "lint-no-severity": {
        "ko": "severity 없음 (error, warning, note 중 하나를 쓰십시오)",
        "en": "no severity (say error, warning or note)",
    },
    "lint-no-text": {
        "ko": "{key} 없음 (감사관이 읽을 문장을 쓰십시오)",
        "en": "no {key} (write the sentence an auditor will read)",
    },
    "lint-no-language": {"ko": "{key}: {language} 문장 없음", "en": "{key}: no text in {language}"},
    "lint-total-is-part": {
        "ko": "'{member}'이(가) 합계이면서 부분 (parts에서 빼십시오)",
        "en": "'{member}' is both the total and a part (take it out of parts)",
    },
    "lint-part-twice": {"ko": "부분 '{member}' 중복", "en": "part '{member}' is named twice"},
    "lint-one-part": {"ko": "부분이 '{member}' 하나뿐 (합계가 아님)", "en": "'{member}' is the only part (that is no sum)"},
    "lint-same-selector": {"ko": "양쪽이 모두 {selector} (틀릴 수 없음)", "en": "both sides are {selector} (it can never fail)"},
    "lint-always": {"ko": "언제나 참 (아무것도 검사하지 않음)", "en": "always true (it checks nothing)"},
    "lint-never": {"ko": "언제나 거짓 (어떤 표도 통과할 수 없음)", "en": "never true (no table can pass it)"},
    "lint-repeats": {
        "ko": "{file}:{line}의 '{other}'와(과) 같은 내용 (하나를 빼십시오)",
        "en": "says what '{other}' at {file}:{line} says already (remove one)",
    },
    "lint-replaces": {
        "ko": "{file}:{line}의 '{other}'을(를) 포함함 (그쪽을 빼십시오)",
        "en": "says all that '{other}' at {file}:{line} says (remove that one)",
    },
    "lint-contradicts": {
        "ko": "{file}:{line}의 '{other}'와(과) 함께 성립할 수 없음",
        "en": "cannot be true together with '{other}' at {file}:{line}",
    },
    "lint-follows": {
        "ko": "앞의 규칙들에서 이미 따라 나옴 (없어도 됨)",
        "en": "follows from the rules before it (it is not needed)",
    },
    "lint-impossible": {"ko": "앞의 규칙들과 함께 성립할 수 없음", "en": "cannot be true together with the rules before it"},
    "lint-column": {
        "ko": "열 '{label}'의 좌표가 {file}:{line}과(와) 다름",
        "en": "column '{label}' has other coordinates at {file}:{line}",
    },
    # cases beside rules
    "case-no-rule": {"ko": "'{rule}' 규칙이 규칙 파일에 없습니다", "en": "there is no rule '{rule}' in the rule file"},
    "case-at": {
        "ko": "at: 읽을 수 없는 자리 '{at}' (B2, 둘째 표는 2:B2, 글은 line 3)",
        "en": "at: cannot read '{at}' (B2, in the second table 2:B2, in a text line 3)",
    },
    "case-broke": {"ko": "{name}: {reason}", "en": "{name}: {reason}"},
    "case-count": {
        "ko": "{name}: {key}은(는) {stated}(이)라고 적었으나 {counted}",
        "en": "{name}: {key} is stated as {stated}, but it is {counted}",
    },
    "case-not-found": {"ko": "{name}: 지적되지 않음 {finding}", "en": "{name}: not found: {finding}"},
    "case-found": {"ko": "{name}: 적지 않은 지적 {finding}", "en": "{name}: found, but not stated: {finding}"},
    "case-lacking": {"ko": "{kind} 사례가 없습니다", "en": "there is no {kind} case"},
    "case-passing": {"ko": "통과하는", "en": "passing"},
    "case-failing": {"ko": "지적되는", "en": "failing"},
    "case-blank": {"ko": "빈칸이 있는", "en": "blank"},
    "case-none": {
        "ko": "{file}: 사례가 없습니다. {beside}에 적거나 사례 파일을 지정하십시오",
        "en": "{file}: there are no cases; write some into {beside}, or name the file that has them",
    },
    "case-summary": {
        "ko": "{file}: {rules}, 사례 {cases}개 가운데 {wrong}개가 적은 대로가 아님",
        "en": "{file}: {rules}, {cases} cases, {wrong} not as stated",
    },
    "case-clean": {
        "ko": "{file}: {rules}, 사례 {cases}개, 모두 적은 대로임",
        "en": "{file}: {rules}, {cases} cases, all as stated",
    },
    # the beginning of a rule file
    "new-columns": {"ko": "표의 열", "en": "The table's columns"},
    "new-column": {"ko": "열 이름", "en": "a column"},
    "new-title": {"ko": "{check}", "en": "{check}"},
    "new-why": {"ko": "왜 성립해야 하는지 쓰십시오", "en": "Say why this must hold"},
}
