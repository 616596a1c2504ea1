"""What is wrong, in one line with its figures: code of the finding's message → language → text with {placeholders}.

Beside the arguments of the message there are {subject} (the label and a blank behind it), {stated}, {expected}, {difference}
(with its unit, without sign) and {over} (whether too much or too little is stated).
"""

TEXTS: dict[str, dict[str, str]] = {
    "over.amount": {"ko": "과다", "en": "too high"},
    "under.amount": {"ko": "과소", "en": "too low"},
    "over.rate": {"ko": "높음", "en": "too high"},
    "under.rate": {"ko": "낮음", "en": "too low"},
    "amount.points": {"ko": "{amount}%p", "en": "{amount} points"},
    "quoted": {"ko": "「{text}」", "en": "“{text}”"},
    "told-once": {
        "ko": "{inner} (같은 유형 {n}건 가운데 차이가 가장 큰 것)",
        "en": "{inner} (the largest of {n} similar findings)",
    },
    "rounding-noted": {
        "ko": "{inner} (반올림으로 설명되나 이 표의 다른 값은 모두 정확히 맞음)",
        "en": "{inner} (rounding could explain it, but every other figure of the table is exact)",
    },
    "rounding-explained": {"ko": "{inner} (반올림으로 설명됨)", "en": "{inner} (explained by rounding)"},
    # --- sums
    "sum-differs": {
        "ko": "{subject}{stated} ↔ {parts}의 합 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but the sum of its {parts} is {expected}: {difference} {over}",
    },
    "running-differs": {
        "ko": "{subject}누계 {stated} ↔ 해당 시점까지의 합 {expected}: {difference} {over}",
        "en": "{subject}running total {stated}, but the amounts to date add up to {expected}: {difference} {over}",
    },
    "sum-with-blanks": {
        "ko": "{subject}{stated} ↔ 적힌 {parts}의 합 {expected}: 빈칸에 {difference}이(가) 들어가야 맞음",
        "en": "{subject}{stated}, but the sum of the {parts} stated is {expected}: the blank should hold {difference}",
    },
    "sentence-sum": {
        "ko": "{subject}{stated} ↔ 열거된 {parts}의 합 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but the sum of the {parts} listed is {expected}: {difference} {over}",
    },
    "named-differs": {
        "ko": "{subject}{stated} ↔ 그 줄에 적힌 산식의 값 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but the calculation named in its row gives {expected}: {difference} {over}",
    },
    # --- one amount in several places
    "agree-differs": {
        "ko": "{subject}{stated} ↔ {other} {there}: {difference} {over}",
        "en": "{subject}{stated} here, but {there} in {other}: {difference} {over}",
    },
    "agree-tied": {
        "ko": "{subject}{stated} ↔ 같은 내용의 다른 표 {other} {there}: {difference} {over}",
        "en": "{subject}{stated} here, but {there} in {other}, which reports the same: {difference} {over}",
    },
    "agree-years": {
        "ko": "{subject}연간 {stated} ↔ 기간별 금액({parts})의 합 {expected}: {difference} {over}",
        "en": "{subject}{stated} for the year, but the sum of its {parts} is {expected}: {difference} {over}",
    },
    "agree-unit": {
        "ko": "{subject}{stated} ↔ 같은 내용의 다른 표 {other} {there}: 숫자는 같으나 단위가 다름",
        "en": "{subject}{stated} here, but {there} in {other}: same digits, different unit",
    },
    "told-differs": {
        "ko": "{subject}{stated} ↔ 다른 곳 {there}: {difference} {over}",
        "en": "{subject}{stated} here, but {there} elsewhere: {difference} {over}",
    },
    "told-unit": {
        "ko": "{subject}{stated} ↔ 다른 곳 {there}: 숫자는 같으나 단위가 다름",
        "en": "{subject}{stated} here, but {there} elsewhere: same digits, different unit",
    },
    "told-balance": {
        "ko": "{subject}{stated} − {spent} ↔ 다른 곳에 적힌 수지 {there}: 단위가 다름",
        "en": "{subject}{stated} less {spent}, but the balance elsewhere is {there}: different unit",
    },
    "told-cell": {
        "ko": "{subject}{stated} ↔ 표의 {other} {there}: {difference} {over}",
        "en": "{subject}{stated} in the text, but {there} in the table ({other}): {difference} {over}",
    },
    "told-share": {
        "ko": "{subject}비중 {stated} ↔ 표의 {first} ÷ {second} = {expected}: {difference} {over}",
        "en": "{subject}share {stated} in the text, but {first} of {second} in the table is {expected}: {difference} {over}",
    },
    "told-share-printed": {
        "ko": "{subject}{stated} ↔ 표의 {other} {there}: {difference} {over}",
        "en": "{subject}{stated} in the text, but {there} in the table ({other}): {difference} {over}",
    },
    "told-growth": {
        "ko": "{subject}증감률 {stated} ↔ 표의 {second} → {first}의 증감률 {expected}: {difference} {over}",
        "en": "{subject}change of {stated} in the text, but {second} to {first} in the table is {expected}: {difference} {over}",
    },
    "told-change": {
        "ko": "{subject}증감 {stated} ↔ 표의 {second} → {first}의 증감 {expected}: {difference} {over}",
        "en": "{subject}change of {stated} in the text, but {second} to {first} in the table is {expected}: {difference} {over}",
    },
    "told-rank": {
        "ko": "{subject}{stated} ↔ 표에서는 {other}이(가) 앞섬({there})",
        "en": "{subject}said to be {stated}, but in the table {other} ranks first ({there})",
    },
    "spelled-differs": {
        "ko": "글자 표기 {stated} ↔ 숫자 표기 {digits}: {difference} {over}",
        "en": "{stated} in words, but {digits} in figures: {difference} {over}",
    },
    # --- balances, limits
    "roll-differs": {
        "ko": "{subject}기말잔액 {stated} ↔ 기초잔액 {opening}에 증감을 더하면 {expected}: {difference} {over}",
        "en": "{subject}closing balance {stated}, but the opening {opening} with its movements comes to {expected}: "
        "{difference} {over}",
    },
    "roll-next": {
        "ko": "{subject}기초잔액 {stated} ↔ 전기 기말잔액 {closing}: {difference} {over}",
        "en": "{subject}opening balance {stated}, but the period before closed at {closing}: {difference} {over}",
    },
    "within-exceeds": {
        "ko": "{subject}{stated}이(가) {limit_label} {limit}을(를) {difference} 초과",
        "en": "{subject}{stated} exceeds {limit_label} {limit} by {difference}",
    },
    "within-cumulative": {
        "ko": "{label}까지의 누계가 {limit_label}의 누계를 {difference} 초과",
        "en": "{label}: the running total exceeds that of {limit_label} by {difference}",
    },
    # --- changes, rates, formulas
    "change-differs": {
        "ko": "{subject}증감 {stated} ↔ {new} − {old} = {expected}: {difference} {over}",
        "en": "{subject}change {stated}, but {new} less {old} is {expected}: {difference} {over}",
    },
    "sentence-change": {
        "ko": "{subject}증감 {stated} ↔ {second} → {first}의 증감 {expected}: {difference} {over}",
        "en": "{subject}change {stated}, but {second} to {first} is {expected}: {difference} {over}",
    },
    "growth-differs": {
        "ko": "{subject}{stated} ↔ {old} → {new}의 증감률 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {old} to {new} is a change of {expected}: {difference} {over}",
    },
    "sentence-growth": {
        "ko": "{subject}증감률 {stated} ↔ {second} → {first}의 증감률 {expected}: {difference} {over}",
        "en": "{subject}change of {stated}, but {second} to {first} is {expected}: {difference} {over}",
    },
    "rate-differs": {
        "ko": "{subject}{stated} ↔ {numerator} ÷ {denominator} = {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {numerator} over {denominator} is {expected}: {difference} {over}",
    },
    "sentence-ratio": {
        "ko": "{subject}{stated} ↔ {first}, {second}에서 계산하면 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {first} and {second} give {expected}: {difference} {over}",
    },
    "formula-differs": {
        "ko": "{subject}{stated} ↔ 계산값 {expected} ({formula}): {difference} {over}",
        "en": "{subject}{stated}, but {formula} gives {expected}: {difference} {over}",
    },
    "formula-with-blank": {
        "ko": "{subject}{stated} ↔ 계산값 {expected} ({formula}): 빈칸({blank})에 {difference}이(가) 들어가야 맞음",
        "en": "{subject}{stated}, but {formula} gives {expected}: the blank {blank} should hold {difference}",
    },
    "header-differs": {
        "ko": "{subject}{stated} ↔ 항목에 적힌 식 {formula} = {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {formula}, as its label says, is {expected}: {difference} {over}",
    },
    "product-differs": {
        "ko": "{subject}{stated} ↔ {calculation} = {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {calculation} is {expected}: {difference} {over}",
    },
    "basis-differs": {
        "ko": "{subject}{stated} ↔ 같은 줄의 산출기초 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but the calculation beside it comes to {expected}: {difference} {over}",
    },
    "relation-differs": {
        "ko": "이 줄의 다른 {holds}곳에서 성립하는 관계({kind})가 여기서는 성립하지 않음 (어긋난 곳 {fails})",
        "en": "a relation ({kind}) that holds at {holds} other places of this line does not hold here ({fails} places differ)",
    },
    "workbook-stale": {
        "ko": "{subject}{cell}에 저장된 값 {stated} ↔ 그 칸 수식의 값 {expected}: {difference} {over}",
        "en": "{subject}{stated} stored in {cell}, but its formula gives {expected}: {difference} {over}",
    },
    "workbook-short": {
        "ko": "{subject}{cell}의 합계 수식이 바로 옆의 금액을 빠뜨림: {stated} ↔ {expected}, {difference} {over}",
        "en": "{subject}the sum in {cell} leaves out amounts next to its range: {stated}, not {expected}, {difference} {over}",
    },
    "workbook-typed": {
        "ko": "{subject}{cell}에 수식 대신 입력된 {stated} ↔ 수식의 값 {expected}: {difference} {over}",
        "en": "{subject}{stated} typed into {cell}, where a formula would give {expected}: {difference} {over}",
    },
    # --- counts, progress, periods
    "narrative-differs": {
        "ko": "{subject}집행액 {stated} ↔ {year}년 추진 내용에 적힌 금액의 합 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but the amounts in the {year} narrative add up to {expected}: {difference} {over}",
    },
    "narrative-missing": {
        "ko": "{subject}비어 있음({stated}) ↔ {year}년 추진 내용에 적힌 금액 {expected}",
        "en": "{subject}nothing executed ({stated}), but the {year} narrative reports {expected}",
    },
    "rows-counted": {
        "ko": "{subject}{stated}(이)라고 적혀 있으나 아래에 {rows}줄: {difference} {over}",
        "en": "{subject}{stated}, but there are {rows} rows: {difference} {over}",
    },
    "progress-falls": {
        "ko": "{subject}진도 {before} → {stated}: 전년보다 낮음",
        "en": "{subject}progress falls from {before} to {stated}",
    },
    "progress-complete": {
        "ko": "{subject}{stated} ↔ {year}년 계획 진도 {foreseen} (계획 {plan} 중 {spent} 집행)",
        "en": "{subject}{stated}, but the plan for {year} is {foreseen} ({spent} of {plan} spent)",
    },
    "period-reversed": {
        "ko": "기간 {stated}: 끝이 시작보다 앞섬",
        "en": "{stated}: the period ends before it starts",
    },
    "period-before": {
        "ko": "{subject}기간 {stated}이(가) 상위 사업의 기간 {programme}보다 먼저 시작",
        "en": "{subject}period {stated} starts before that of its programme, {programme}",
    },
    "period-after": {
        "ko": "{subject}기간 {stated}이(가) 상위 사업의 기간 {programme}보다 늦게 끝남 (이월 표시 없음)",
        "en": "{subject}period {stated} ends after that of its programme, {programme} (no carry-over noted)",
    },
    "period-amount": {
        "ko": "{subject}{stated}: 사업기간({period}) 밖의 연도에 적힘",
        "en": "{subject}{stated} in a year outside the project's period ({period})",
    },
    "event-misplaced": {
        "ko": "{stated}년 줄에 적혀 있으나 날짜는 모두 {year}년",
        "en": "Listed under {stated}, but every date here is in {year}",
    },
    "run-broken": {
        "ko": "{subject}{wanted}번째 달이 올 자리에 {stated}: 한 달이 두 번 나오고 다른 달이 빠짐",
        "en": "{subject}{stated} where month {wanted} belongs: one month appears twice and another is missing",
    },
    # --- how something is written
    "number-malformed": {
        "ko": "{subject}{stated}: 숫자 표기 오류 ({likely}(으)로 읽음)",
        "en": "{subject}{stated} is malformed (read as {likely})",
    },
    "number-point": {
        "ko": "{subject}{stated}: 쉼표 자리에 마침표 ({likely}(으)로 읽음)",
        "en": "{subject}{stated} has a point where a comma belongs (read as {likely})",
    },
    "number-ungrouped": {
        "ko": "{subject}{stated}: 이 수에만 천 단위 쉼표가 없음",
        "en": "{subject}{stated} is the only number here without a thousands separator",
    },
    "stops-doubled": {"ko": "마침표 중복: {label}", "en": "Doubled full stop: {label}"},
    "weekday-wrong": {
        "ko": "{stated}: 맞는 요일은 ‘{right}’",
        "en": "{stated}: the weekday should be {right}",
    },
    # --- ledgers
    "ledger-sum": {
        "ko": "{subject}{stated} ↔ {parts}의 합 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {parts} add up to {expected}: {difference} {over}",
    },
    "ledger-relation": {
        "ko": "{subject}{stated} ↔ {parts} = {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {parts} comes to {expected}: {difference} {over}",
    },
    "ledger-blank": {
        "ko": "{subject}{stated} ↔ 적힌 항목만으로는 {expected}: 빈칸({blank})에 {difference}이(가) 들어가야 맞음",
        "en": "{subject}{stated}, but what is stated gives {expected}: the blank {blank} should hold {difference}",
    },
    "ledger-limit": {
        "ko": "{subject}{stated}이(가) {parts} {expected}을(를) {difference} 초과",
        "en": "{subject}{stated} exceeds {parts} {expected} by {difference}",
    },
    "ledger-order": {
        "ko": "{subject}{stated} {operator} {expected}이어야 하나 그렇지 않음 ({parts})",
        "en": "{subject}{stated} {operator} {expected} should hold and does not ({parts})",
    },
    "ledger-rollup": {
        "ko": "{key} {measure} 공표 {stated} ↔ {rows}의 합 {expected}: {difference} {over}",
        "en": "{key} {measure} is published as {stated}, but the sum of its {rows} is {expected}: {difference} {over}",
    },
    "ledger-group-missing": {
        "ko": "{key}: {rows}이(가) 있으나 {file}에 공표된 소계가 없음",
        "en": "{key} has {rows}, but no subtotal in {file}",
    },
    "ledger-group-extra": {
        "ko": "{key}: {file}에 소계가 공표되었으나 해당하는 행이 없음",
        "en": "{key} has a subtotal in {file}, but no rows",
    },
    "ledger-duplicate": {
        "ko": "{key}: {columns} 값이 같은 {rows}이(가) 있음",
        "en": "{key}: {rows} hold the same {columns}",
    },
    "ledger-malformed": {
        "ko": "{label}: '{text}'은(는) 금액이 아님. 이 칸이 들어가는 대조는 하지 않음",
        "en": "{label}: '{text}' is not an amount; the comparisons it belongs to were not made",
    },
    "ledger-misprinted": {
        "ko": "{label}: '{text}'은(는) 잘못 적힌 수로 보여 {likely}(으)로 읽음",
        "en": "{label}: '{text}' looks misprinted and was read as {likely}",
    },
    "ledger-ragged": {
        "ko": "이 행에는 칸이 {text}개 있으나 머리글은 {columns}개. 이 행의 대조는 하지 않음",
        "en": "this row has {text} fields where the header has {columns}; it was not compared",
    },
    "ledger-quote": {
        "ko": "{label}: 짝이 없는 따옴표 때문에 여러 행이 한 칸으로 읽힐 뻔함. 따옴표를 빼고 행마다 따로 읽음",
        "en": "{label}: a stray quotation mark would have swallowed rows; each line was read by itself, without the mark",
    },
    "row-key-twice": {"ko": "{key}: {row}행과 같은 키가 다시 나옴", "en": "{key}: the same key as row {row}"},
    "row-key-missing": {
        "ko": "{key}: 공표 자료에는 {amount}(으)로 있으나 이 파일에는 없음",
        "en": "{key}: published as {amount}, but no row here has this key",
    },
    "row-key-extra": {
        "ko": "{key}: 이 파일에는 {amount}(으)로 있으나 공표 자료에는 없음",
        "en": "{key}: the rows here come to {amount}, but nothing is published for this key",
    },
    "row-rollup-differs": {
        "ko": "{subject}공표 {stated} ↔ {rows}개 행의 합 {expected}: {difference} {over}",
        "en": "{subject}published as {stated}, but its {rows} rows add up to {expected}: {difference} {over}",
    },
}
