"""Why something was not decided, what caused a finding, and what kept a run from its end: code → language → text."""

TEXTS: dict[str, dict[str, str]] = {
    # --- why a figure was not decided
    "reason-units": {"ko": "단위가 서로 다름", "en": "units that cannot be compared"},
    "reason-not-additive": {
        "ko": "더하는 값이 아닌 열(평균·비율 등)",
        "en": "a column that cannot be added up (an average or a rate)",
    },
    "reason-no-reading": {
        "ko": "어떻게 읽어도 맞지 않는 합계 줄",
        "en": "a total that no reading of its table accounts for",
    },
    "reason-unread": {"ko": "수로 읽지 못한 칸", "en": "a cell that could not be read as a number"},
    "reason-stock": {
        "ko": "연도의 합이 아니라 마지막 해의 잔액이거나 비워 둔 합계",
        "en": "a total of years that repeats the balance of the last one, or is left open",
    },
    "reason-unprinted": {
        "ko": "여러 줄에서 합계가 항목의 합보다 커서, 적히지 않은 항목이 있는 것으로 보임",
        "en": "totals exceed their parts in several lines, so a part seems to be missing from the table",
    },
    "reason-misread": {
        "ko": "{formula}이(가) 이 표의 거의 모든 줄에서 성립하지 않아, 열 이름의 뜻이 다른 것으로 보임",
        "en": "{formula} holds on hardly any line of this table, so its labels seem to mean something else",
    },
    "reason-difference-printed": {
        "ko": "표에 그 차이가 따로 적혀 있어, {formula}이(가) 성립할 필요가 없는 것으로 보임",
        "en": "the table prints the difference itself, so {formula} does not seem to be required",
    },
    "reason-unprinted-term": {
        "ko": "여러 줄에서 같은 쪽으로 달라, 적히지 않은 항이 있는 것으로 보임",
        "en": "several lines differ the same way, so a term seems to be missing from the table",
    },
    "reason-words": {"ko": "숫자 대신 글자가 있는 칸", "en": "a part is given in words or by a mark, not as a number"},
    "reason-blanks": {"ko": "빈칸 {blanks}개", "en": "{blanks} blank cells among the parts"},
    "reason-blank": {"ko": "빈칸", "en": "a blank cell"},
    "reason-formula-astray": {
        "ko": "머리글의 계산식 {formula}이(가) 맞는 곳이 거의 없음",
        "en": "the formula of its header, {formula}, holds hardly anywhere",
    },
    "reason-rate-astray": {
        "ko": "비율이 옆의 두 금액에서 나온 값과 맞는 곳이 거의 없음",
        "en": "the rates are hardly anywhere what the two amounts beside them come to",
    },
    "reason-no-operands": {"ko": "비교할 값이 없음", "en": "nothing to compare it with"},
    "reason-otherwise": {
        "ko": "낮을수록 좋거나 100까지만 세는 달성률",
        "en": "a rate where lower is better, or that is capped at 100",
    },
    "reason-coarse": {
        "ko": "금액이 크게 반올림되어 비율을 확인할 수 없음",
        "en": "amounts rounded too coarsely to check the rate",
    },
    "reason-malformed": {"ko": "잘못 적힌 숫자가 있음", "en": "a malformed number"},
    "reason-zero": {"ko": "0으로 나눔", "en": "a division by zero"},
    "reason-roll": {
        "ko": "기초·증가·감소·기말로 읽은 칸들이 서로 맞지 않음",
        "en": "columns read as opening, additions, reductions and closing do not balance",
    },
    "reason-open-list": {"ko": "일부만 나열한 목록(등)", "en": "an incomplete list (it ends in “etc.”)"},
    "reason-not-breakdown": {"ko": "내역인지 분명하지 않은 목록", "en": "a list that may not be a breakdown"},
    "reason-not-claim": {"ko": "무엇의 비율인지 분명하지 않음", "en": "a rate whose base is not clear"},
    "reason-narrative": {"ko": "금액이 빠짐없이 서술되었는지 분명하지 않음", "en": "a narrative that may not name every amount"},
    "row-key-blank": {"ko": "키에 빈칸이 있음", "en": "a part of the key is blank"},
    "doubt-shifted-row": {
        "ko": "{row}행: 병합이 풀려 {shift}칸 밀린 것으로 보고 읽었습니다",
        "en": "row {row}: read as shifted by {shift} column(s); a merged cell seems to be lost",
    },
    # --- what speaks for a cause
    "cause-heals": {
        "ko": "{text}을(를) {value}(으)로 바꾸면 어긋난 대조 {heals}건이 맞게 됨",
        "en": "with {value} instead of {text}, {heals} of the failing comparisons would pass",
    },
    "cause-supported": {
        "ko": "{other}은(는) 그 {parts}개 항목의 합으로 확인됨",
        "en": "{other} is confirmed by its {parts} parts",
    },
    "cause-equal": {
        "ko": "{figures}개 수치 중 어느 것이 틀렸는지 가려낼 근거가 없음",
        "en": "one of {figures} figures is wrong, and nothing in the document tells which",
    },
    "cause-carried": {
        "ko": "{text}이(가) {value}이면 모두 맞음. {others}은(는) 틀린 값에서 계산된 것",
        "en": "everything balances with {value} for {text}; {others} follows from the wrong amount",
    },
    "cause-miswritten": {
        "ko": "이 표의 다른 수는 모두 천 단위 쉼표를 쓴 정수임",
        "en": "all other numbers of the table are whole, with commas between their thousands",
    },
    "cause-outside": {
        "ko": "차이는 {label}에 적힌 {text}와(과) 같은데, 이 값은 더한 항목에 들어 있지 않음",
        "en": "the difference equals {text}, stated for {label}, which is not among the parts",
    },
    "cause-alike": {
        "ko": "한 줄의 값 {figures}개가 같은 식으로 어긋남. 모두 고치면 어긋난 대조 {heals}건이 맞게 됨",
        "en": "{figures} figures of one line are off in the same way; corrected together, "
        "{heals} of the failing comparisons would pass",
    },
    "cause-shifted": {
        "ko": "한 줄의 값들이 한 칸씩 밀려 있음. 제자리로 옮기면 어긋난 대조 {heals}건이 맞게 됨",
        "en": "the figures of one line are shifted by one place; moved back, {heals} of the failing comparisons would pass",
    },
    "cause-stale": {
        "ko": "이 값들은 서로 맞으나 모두 같은 금액만큼 어긋남. {text}을(를) {value}(으)로 고치고 그 합계도 따라 고쳐야 함",
        "en": "these figures agree with each other but are all off by the same amount: "
        "{text} should be {value}, and its totals change with it",
    },
    "cause-stale-supported": {
        "ko": "이 값들은 서로 맞으나 모두 같은 금액만큼 어긋남. {text}을(를) {value}(으)로 고치고 그 합계도 따라 고쳐야 함. "
        "{other}은(는) 그 {parts}개 항목의 합으로 확인됨",
        "en": "these figures agree with each other but are all off by the same amount: "
        "{text} should be {value}, and its totals change with it; {other} is the sum of its {parts} parts",
    },
    # --- what kept a run from its end
    "rule-crashed": {
        "ko": "규칙 {rule}이(가) {file}에서 실행되지 못했습니다: {error}",
        "en": "rule {rule} could not be run on {file}: {error}",
    },
    "engine-missing": {
        "ko": "{package} 패키지가 필요합니다: pip install 'budgetaudit[{extra}]'",
        "en": "this needs the package {package}: pip install 'budgetaudit[{extra}]'",
    },
    "input-crashed": {
        "ko": "이 파일을 점검하다 오류({error})가 나서 점검하지 못했습니다. 다시 저장해 보고, 그래도 안 되면 "
        "BUDGETAUDIT_DEBUG=1로 실행해 알려 주십시오",
        "en": "could not be audited ({error}); save it again, or run with BUDGETAUDIT_DEBUG=1 and report what it prints",
    },
    "input-too-long": {
        "ko": "점검에 시간이 너무 오래 걸려 그만두었습니다. 문서를 나누어 저장하십시오",
        "en": "took too long and was given up; split the document",
    },
    "input-no-memory": {
        "ko": "메모리가 모자라 점검하지 못했습니다. 파일을 나누거나 이 파일만 점검하십시오",
        "en": "could not be audited for lack of memory; split it, or audit it by itself",
    },
    "language-unread": {
        "ko": "표의 이름이 이 규칙이 읽지 않는 언어로 적혀 있습니다({language}). --rules {pack}(으)로 다시 점검하십시오",
        "en": "the labels are in a language that these rules do not read ({language}); audit it again with --rules {pack}",
    },
    "not-understood": {
        "ko": "문서의 표를 해석하지 못했습니다({error}). 이 파일은 점검되지 않았습니다",
        "en": "the tables of the document could not be understood ({error}); this file was not audited",
    },
    "rules-not-applicable": {
        "ko": "이 파일들에는 해당하지 않아 적용하지 않은 규칙: {rules}",
        "en": "not applicable to these files: {rules}",
    },
    "rules-fit-nothing": {
        "ko": "{file}: 규칙 {rules}개 가운데 이 파일들에 맞는 것이 없습니다. where와 열 이름을 확인하십시오",
        "en": "{file}: none of its {rules} rules fits these files; check `where` and the names of columns",
    },
    "rule-no-columns": {
        "ko": "규칙 {rule}: 어느 표에도 {columns} 열이 없습니다. `budgetaudit tables FILE`로 열 이름을 확인하십시오",
        "en": "rule {rule}: no table has the columns {columns}; see the names with `budgetaudit tables FILE`",
    },
    "rule-no-columns-guess": {
        "ko": "규칙 {rule}: 어느 표에도 {columns} 열이 없습니다 ({guess}을(를) 뜻하셨나요?)",
        "en": "rule {rule}: no table has the columns {columns} (did you mean {guess}?)",
    },
}
