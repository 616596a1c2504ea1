"""Texts of the findings: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {
    "sum-differs": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 {parts}개 항목의 합과 다릅니다",
        "en": "{label}: {stated} is printed, but its {parts} parts add up to another amount",
    },
    "running-differs": {
        "ko": "{label}: 누계가 {stated}(으)로 적혀 있으나 그때까지의 금액을 더한 값과 다릅니다",
        "en": "{label}: {stated} is printed, but what came so far adds up to another amount",
    },
    "sum-with-blanks": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 {parts}개 항목의 합과 다릅니다. 빈칸에 그 차이가 들어가야 합니다",
        "en": "{label}: {stated} is printed, but its {parts} printed parts add up to another amount; "
        "the blank cell would have to hold the difference",
    },
    "agree-differs": {
        "ko": "{label}: 여기에는 {stated}, 다른 곳({other})에는 {there}(으)로 적혀 있습니다",
        "en": "{label}: {stated} here, but {there} in {other}",
    },
    "agree-tied": {
        "ko": "{label}: 여기에는 {stated}, 같은 내용을 적은 다른 표({other})에는 {there}(으)로 적혀 있습니다 "
        "(두 표가 함께 적은 {common}개 값 가운데 {agreeing}개는 같습니다)",
        "en": "{label}: {stated} here, but {there} in {other}, which states the same "
        "({agreeing} of the {common} figures that both state agree)",
    },
    "agree-years": {
        "ko": "{label}: 한 해 금액이 {stated}(으)로 적혀 있으나 그 {parts}개 기간의 금액({other})을 더한 값과 다릅니다 "
        "(함께 적은 {common}개 값 가운데 {agreeing}개는 맞습니다)",
        "en": "{label}: {stated} is printed for the year, but its {parts} parts ({other}) come to another amount "
        "({agreeing} of the {common} figures that both give agree)",
    },
    "agree-unit": {
        "ko": "{label}: 여기에는 {stated}, 같은 내용을 적은 다른 표({other})에는 {there}(으)로 적혀 있어 단위가 다릅니다 "
        "(두 표가 함께 적은 {agreeing}개 값의 숫자가 모두 같습니다)",
        "en": "{label}: {stated} here, but {there} in {other}: the same digits in another unit "
        "(as in all {agreeing} figures that both tables state)",
    },
    "workbook-stale": {
        "ko": "{label}: {cell}에 저장된 값 {stated}은(는) 그 칸의 수식이 내는 값과 다릅니다",
        "en": "{label}: {stated}, stored in {cell}, is not what the cell's formula gives",
    },
    "workbook-short": {
        "ko": "{label}: {cell}의 합계 수식이 바로 옆의 금액을 빠뜨립니다",
        "en": "{label}: the sum in {cell} leaves out amounts right next to its range",
    },
    "workbook-typed": {
        "ko": "{label}: 다른 칸에는 수식이 있는데 {cell}에는 숫자 {stated}이(가) 적혀 있고, 수식이 내는 값과 다릅니다",
        "en": "{label}: {stated} stands in {cell} where the other cells have a formula, and is not what that gives",
    },
    "roll-differs": {
        "ko": "{label}: 말잔액은 {stated}(으)로 적혀 있으나 기초 {opening}에서 늘고 준 금액을 더하고 빼면 다릅니다",
        "en": "{label}: {stated} is printed as closing, but the opening {opening} with what came in and went out "
        "comes to another amount",
    },
    "roll-next": {
        "ko": "{label}: 기초는 {stated}(으)로 적혀 있으나 앞선 기간의 말잔액은 {closing}입니다",
        "en": "{label}: {stated} is printed as opening, but the period before closed with {closing}",
    },
    "reason-roll": {
        "ko": "기초·증가·감소·기말로 읽은 칸들이 서로 맞지 않음",
        "en": "columns read as opening, additions, reductions and closing do not go together",
    },
    "within-exceeds": {
        "ko": "{label}: {stated}이(가) 한도 {limit}({limit_label})을 넘습니다",
        "en": "{label}: {stated} exceeds {limit} ({limit_label})",
    },
    "within-cumulative": {
        "ko": "{label}까지의 누계가 누계 한도({limit_label})를 넘습니다",
        "en": "{label}: the running total up to here exceeds the running total of {limit_label}",
    },
    "change-differs": {
        "ko": "{label}: 증감이 {stated}(으)로 적혀 있으나 {new}에서 {old}을(를) 뺀 값과 다릅니다",
        "en": "{label}: the change is printed as {stated}, but {new} less {old} is another amount",
    },
    "rate-differs": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 {numerator} ÷ {denominator}와(과) 다릅니다",
        "en": "{label}: {stated} is printed, but {numerator} over {denominator} gives another rate",
    },
    "growth-differs": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 {old}에서 {new}(으)로의 증감률과 다릅니다",
        "en": "{label}: {stated} is printed, but going from {old} to {new} gives another rate",
    },
    "row-key-twice": {
        "ko": "{key}: {row}행과 같은 키가 다시 나옵니다",
        "en": "{key}: the key of row {row} again",
    },
    "row-key-blank": {"ko": "키에 빈칸이 있음", "en": "a part of the key is blank"},
    "row-key-missing": {
        "ko": "{key}: 공표 자료에는 {amount}(으)로 있으나 이 파일에는 없습니다",
        "en": "{key}: {amount} is published, but no row here has this key",
    },
    "row-key-extra": {
        "ko": "{key}: 이 파일에는 {amount}(으)로 있으나 공표 자료에는 없습니다",
        "en": "{key}: the rows here come to {amount}, but nothing is published for this key",
    },
    "row-rollup-differs": {
        "ko": "{label}: {stated}(으)로 공표되었으나 {rows}개 행의 합과 다릅니다",
        "en": "{label}: {stated} is published, but its {rows} rows come to another amount",
    },
    "formula-differs": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 {formula}이(가) 성립하지 않습니다",
        "en": "{label}: {stated} is printed, but {formula} does not hold",
    },
    "formula-with-blank": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 {formula}이(가) 성립하지 않습니다. 빈칸({blank})에 그 차이가 들어가야 합니다",
        "en": "{label}: {stated} is printed, but {formula} does not hold; the blank {blank} would have to make up for it",
    },
    "header-differs": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 항목에 적힌 식 {formula}과(와) 다릅니다",
        "en": "{label}: {stated} is printed, but the formula of its label, {formula}, gives another amount",
    },
    "told-once": {
        "ko": "{inner} (같은 종류 {n}건 가운데 차이가 가장 큰 것)",
        "en": "{inner} (the widest of {n} findings alike)",
    },
    "rounding-noted": {
        "ko": "{inner} (반올림으로 설명되는 차이이나, 이 표의 다른 값은 모두 정확히 맞습니다)",
        "en": "{inner} (rounding could explain it, but everything else in this table adds up exactly)",
    },
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
        "en": "took too much time and was given up; split the document",
    },
    "input-no-memory": {
        "ko": "메모리가 모자라 점검하지 못했습니다. 파일을 나누거나 이 파일만 점검하십시오",
        "en": "could not be audited for lack of memory; split it, or audit it by itself",
    },
    "not-understood": {
        "ko": "문서의 표를 해석하지 못했습니다({error}). 이 파일은 감사되지 않았습니다",
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
        "ko": "연도의 합이 아니라 마지막 해의 잔액을 옮겨 적은 합계",
        "en": "a total of years that repeats what is left at the end of the last one",
    },
    "reason-unprinted": {
        "ko": "여러 줄에서 합계가 항목의 합보다 커서, 적히지 않은 항목이 있는 것으로 봄",
        "en": "totals exceed their parts in several lines, so a part seems not to be printed",
    },
    "reason-misread": {
        "ko": "{formula}이(가) 이 표의 거의 어느 줄에서도 성립하지 않아, 열 이름을 잘못 읽은 것으로 봄",
        "en": "{formula} holds on hardly any line of this table, so its labels seem to mean something else",
    },
    "reason-unprinted-term": {
        "ko": "여러 줄에서 같은 쪽으로 달라, 적히지 않은 항이 있는 것으로 봄",
        "en": "several lines differ the same way, so a term seems not to be printed",
    },
    "reason-words": {"ko": "숫자 대신 글자가 있는 칸", "en": "a part is printed as words or a mark, not as a number"},
    "reason-blanks": {"ko": "빈칸 {blanks}개", "en": "{blanks} blank cells among the parts"},
    "reason-blank": {"ko": "빈칸", "en": "a blank cell"},
    "reason-formula-astray": {
        "ko": "머리글의 계산식 {formula}이(가) 맞는 곳이 거의 없음",
        "en": "the formula of its header, {formula}, holds hardly anywhere",
    },
    "reason-no-operands": {"ko": "비교할 값이 없음", "en": "nothing printed to compare it with"},
    "reason-otherwise": {
        "ko": "낮을수록 좋거나 100까지만 세는 달성률",
        "en": "a rate where lower is better, or that is capped at 100",
    },
    "reason-coarse": {
        "ko": "금액이 너무 크게 반올림되어 비율을 확인할 수 없음",
        "en": "amounts rounded too coarsely to check the rate",
    },
    "reason-malformed": {"ko": "잘못 적힌 숫자가 있음", "en": "a number that is not well formed"},
    "reason-zero": {"ko": "0으로 나눔", "en": "a division by zero"},
    "doubt-shifted-row": {
        "ko": "{row}행: 병합이 풀려 {shift}칸 밀린 것으로 보고 읽었습니다",
        "en": "row {row}: read as shifted by {shift} column(s); a merged cell seems to be lost",
    },
    "cause-heals": {
        "ko": "{text}을(를) {value}(으)로 바꾸면 어긋난 대조 {heals}건이 맞게 됩니다",
        "en": "with {value} instead of {text}, {heals} of the failing comparisons would pass",
    },
    "cause-supported": {
        "ko": "{text}을(를) {value}(으)로 바꾸면 어긋난 대조 {heals}건이 맞게 됩니다. "
        "{other}은(는) {parts}개 항목의 합과 같습니다",
        "en": "with {value} instead of {text}, {heals} of the failing comparisons would pass; "
        "{other} is the sum of its {parts} parts",
    },
    "cause-equal": {
        "ko": "{figures}개 수치 가운데 어느 하나가 틀렸을 수 있고, 가려 주는 것이 없음",
        "en": "any one of {figures} figures may be the wrong one, and nothing tells which",
    },
    "cause-carried": {
        "ko": "{text}이(가) {value}이면 모두 맞음. {others}은(는) 틀린 값에서 계산된 것",
        "en": "with {value} for {text} all would hold; {others} was computed from the wrong amount",
    },
    "cause-miswritten": {
        "ko": "이 표의 다른 수는 모두 쉼표로 자릿수를 끊은 정수입니다",
        "en": "all other numbers of the table are whole, with commas between their thousands",
    },
    "cause-outside": {
        "ko": "차이는 {label}에 적힌 {text}와(과) 같은데, 이 값은 더한 항목에 들어 있지 않습니다",
        "en": "the difference is exactly {text}, printed for {label}, which is not among the parts",
    },
    "cause-alike": {
        "ko": "한 줄의 값 {figures}개가 같은 식으로 어긋납니다. 모두 고치면 어긋난 대조 {heals}건이 맞게 됩니다",
        "en": "{figures} figures of one line are off in the same way: "
        "corrected together, {heals} of the failing comparisons would pass",
    },
    "cause-shifted": {
        "ko": "한 줄의 값들이 한 칸씩 밀려 있습니다. 제자리로 옮기면 어긋난 대조 {heals}건이 맞게 됩니다",
        "en": "the figures of one line are shifted by one place: moved back, {heals} of the failing comparisons would pass",
    },
    "cause-stale": {
        "ko": "이 값들은 서로 맞으나 모두 같은 금액만큼 어긋납니다. "
        "{text}을(를) {value}(으)로, 그 합계도 따라 바꾸면 {heals}건이 맞게 됩니다",
        "en": "these figures agree with each other but are all off by the same amount: "
        "with {value} instead of {text}, and its totals corrected too, {heals} of the failing comparisons would pass",
    },
    "cause-stale-supported": {
        "ko": "이 값들은 서로 맞으나 모두 같은 금액만큼 어긋납니다. "
        "{text}을(를) {value}(으)로, 그 합계도 따라 바꾸면 {heals}건이 맞게 됩니다. "
        "{other}은(는) {parts}개 항목의 합과 같습니다",
        "en": "these figures agree with each other but are all off by the same amount: "
        "with {value} instead of {text}, and its totals corrected too, {heals} of the failing comparisons would pass; "
        "{other} is the sum of its {parts} parts",
    },
}
