"""What is wrong, in one line with its figures: `headline.` and the code of the finding's message → language → text.

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
    "headline.told-once": {
        "ko": "{inner} (같은 종류 {n}건 가운데 차이가 가장 큰 것)",
        "en": "{inner} (the widest of {n} findings alike)",
    },
    "headline.rounding-noted": {
        "ko": "{inner} (반올림으로 설명되나 이 표의 다른 값은 모두 정확히 맞음)",
        "en": "{inner} (rounding could explain it, but everything else in the table is exact)",
    },
    "headline.sum-differs": {
        "ko": "{subject}{stated} ↔ {parts}개 항목의 합 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but its {parts} parts add up to {expected}: {difference} {over}",
    },
    "headline.running-differs": {
        "ko": "{subject}누계 {stated} ↔ 그때까지의 합 {expected}: {difference} {over}",
        "en": "{subject}{stated} as the running total, but the amounts so far add up to {expected}: {difference} {over}",
    },
    "headline.sum-with-blanks": {
        "ko": "{subject}{stated} ↔ 적힌 {parts}개 항목의 합 {expected}: 빈칸에 {difference}이(가) 들어가야 맞음",
        "en": "{subject}{stated}, but its {parts} printed parts add up to {expected}: the blank would have to hold {difference}",
    },
    "headline.agree-differs": {
        "ko": "{subject}{stated} ↔ {other} {there}: {difference} {over}",
        "en": "{subject}{stated} here, but {there} in {other}: {difference} {over}",
    },
    "headline.agree-tied": {
        "ko": "{subject}{stated} ↔ 같은 내용의 다른 표 {other} {there}: {difference} {over}",
        "en": "{subject}{stated} here, but {there} in {other}, which states the same: {difference} {over}",
    },
    "headline.agree-years": {
        "ko": "{subject}{stated} ↔ 그 {parts}개 기간의 합 {expected}: {difference} {over}",
        "en": "{subject}{stated} for the year, but its {parts} parts add up to {expected}: {difference} {over}",
    },
    "headline.agree-unit": {
        "ko": "{subject}{stated} ↔ 같은 내용의 다른 표 {other} {there}: 숫자는 같으나 단위가 다름",
        "en": "{subject}{stated} here, but {there} in {other}: the same digits in another unit",
    },
    "headline.told-cell": {
        "ko": "{subject}{stated} ↔ 표의 {other} {there}: {difference} {over}",
        "en": "{subject}{stated} here, but {there} in the table ({other}): {difference} {over}",
    },
    "headline.roll-differs": {
        "ko": "{subject}말잔액 {stated} ↔ 기초 {opening}에서 늘고 준 금액을 셈하면 {expected}: {difference} {over}",
        "en": "{subject}closing {stated}, but the opening {opening} with its movements comes to {expected}: {difference} {over}",
    },
    "headline.roll-next": {
        "ko": "{subject}기초 {stated} ↔ 앞선 기간의 말잔액 {closing}: {difference} {over}",
        "en": "{subject}opening {stated}, but the period before closed with {closing}: {difference} {over}",
    },
    "headline.formula-with-blank": {
        "ko": "{subject}{stated} ↔ 계산값 {expected} ({formula}): 빈칸({blank})에 {difference}이(가) 들어가야 맞음",
        "en": "{subject}{stated}, but {formula} gives {expected}: the blank {blank} would have to hold {difference}",
    },
    "headline.workbook-stale": {
        "ko": "{subject}{cell}에 저장된 값 {stated} ↔ 수식의 값 {expected}: {difference} {over}",
        "en": "{subject}{stated} stored in {cell}, but its formula gives {expected}: {difference} {over}",
    },
    "headline.workbook-short": {
        "ko": "{subject}{cell}의 합계 수식이 바로 옆의 금액을 빠뜨림: {stated} ↔ {expected}, {difference} {over}",
        "en": "{subject}the sum in {cell} leaves out amounts next to its range: {stated}, not {expected}, {difference} {over}",
    },
    "headline.workbook-typed": {
        "ko": "{subject}{cell}에 수식 대신 적힌 {stated} ↔ 수식의 값 {expected}: {difference} {over}",
        "en": "{subject}{stated} typed into {cell} instead of a formula, which gives {expected}: {difference} {over}",
    },
    "headline.spelled-differs": {
        "ko": "글로는 {stated} ↔ 숫자로는 {digits}: {difference} {over}",
        "en": "{stated} in words, but {digits} in digits: {difference} {over}",
    },
    "headline.within-exceeds": {
        "ko": "{subject}{stated}이(가) {limit_label} {limit}을(를) {difference} 초과",
        "en": "{subject}{stated} exceeds {limit_label} {limit} by {difference}",
    },
    "headline.within-cumulative": {
        "ko": "{label}까지의 누계가 {limit_label}의 누계를 {difference} 초과",
        "en": "{label}: the total up to here exceeds that of {limit_label} by {difference}",
    },
    "headline.change-differs": {
        "ko": "{subject}증감 {stated} ↔ {new} − {old} = {expected}: {difference} {over}",
        "en": "{subject}change {stated}, but {new} less {old} is {expected}: {difference} {over}",
    },
    "headline.rate-differs": {
        "ko": "{subject}{stated} ↔ {numerator} ÷ {denominator} = {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {numerator} over {denominator} is {expected}: {difference} {over}",
    },
    "headline.growth-differs": {
        "ko": "{subject}{stated} ↔ {old} → {new}의 증감률 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {old} to {new} is a change of {expected}: {difference} {over}",
    },
    "headline.formula-differs": {
        "ko": "{subject}{stated} ↔ 계산값 {expected} ({formula}): {difference} {over}",
        "en": "{subject}{stated}, but {formula} gives {expected}: {difference} {over}",
    },
    "headline.header-differs": {
        "ko": "{subject}{stated} ↔ 항목에 적힌 식 {formula} = {expected}: {difference} {over}",
        "en": "{subject}{stated}, but its label says {formula}, which is {expected}: {difference} {over}",
    },
    "headline.sentence-sum": {
        "ko": "{subject}{stated} ↔ 나열된 {parts}개 항목의 합 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but the {parts} parts listed add up to {expected}: {difference} {over}",
    },
    "headline.product-differs": {
        "ko": "{subject}{stated} ↔ {calculation} = {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {calculation} is {expected}: {difference} {over}",
    },
    "headline.basis-differs": {
        "ko": "{subject}{stated} ↔ 같은 줄의 산출내역 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but the calculation beside it comes to {expected}: {difference} {over}",
    },
    "headline.sentence-change": {
        "ko": "{subject}증감 {stated} ↔ {second} → {first}의 차이 {expected}: {difference} {over}",
        "en": "{subject}change {stated}, but {second} to {first} is {expected}: {difference} {over}",
    },
    "headline.sentence-growth": {
        "ko": "{subject}증감률 {stated} ↔ {second} → {first}에서 계산하면 {expected}: {difference} {over}",
        "en": "{subject}change of {stated}, but {second} to {first} is {expected}: {difference} {over}",
    },
    "headline.sentence-ratio": {
        "ko": "{subject}{stated} ↔ {first}, {second}에서 계산하면 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {first} and {second} give {expected}: {difference} {over}",
    },
    "headline.told-differs": {
        "ko": "{subject}{stated} ↔ 다른 곳 {there}: {difference} {over}",
        "en": "{subject}{stated} here, but {there} elsewhere: {difference} {over}",
    },
    "headline.told-share": {
        "ko": "{subject}비중 {stated} ↔ 표의 {first} ÷ {second}: {expected}: {difference} {over}",
        "en": "{subject}share {stated}, but {first} of {second} in the table is {expected}: {difference} {over}",
    },
    "headline.told-growth": {
        "ko": "{subject}증감률 {stated} ↔ 표의 {second} → {first}에서 계산하면 {expected}: {difference} {over}",
        "en": "{subject}change of {stated}, but {second} to {first} in the table is {expected}: {difference} {over}",
    },
    "headline.told-change": {
        "ko": "{subject}증감 {stated} ↔ 표의 {second} → {first}의 차이 {expected}: {difference} {over}",
        "en": "{subject}change {stated}, but {second} to {first} in the table is {expected}: {difference} {over}",
    },
    "headline.told-share-printed": {
        "ko": "{subject}{stated} ↔ 표의 {other} {there}: {difference} {over}",
        "en": "{subject}{stated} here, but {there} in the table ({other}): {difference} {over}",
    },
    "headline.told-rank": {
        "ko": "{subject}{stated} ↔ 표에서는 {other}이(가) 앞섬({there})",
        "en": "{subject}said to be {stated}, but in the table {other} comes first ({there})",
    },
    "headline.told-unit": {
        "ko": "{subject}{stated} ↔ 다른 곳 {there}: 숫자는 같으나 단위가 다름",
        "en": "{subject}{stated} here, but {there} elsewhere: the same digits in another unit",
    },
    "headline.told-balance": {
        "ko": "{subject}{stated} − {spent} ↔ 다른 곳에 적힌 수지 {there}: 단위가 다름",
        "en": "{subject}{stated} less {spent}, but the balance elsewhere is {there}: another unit",
    },
    "headline.narrative-differs": {
        "ko": "{subject}집행액 {stated} ↔ {year}년 추진 내용에 적힌 금액의 합 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but the amounts told of {year} add up to {expected}: {difference} {over}",
    },
    "headline.narrative-missing": {
        "ko": "{subject}비어 있음({stated}) ↔ {year}년 추진 내용에 적힌 금액 {expected}",
        "en": "{subject}nothing executed ({stated}), but {expected} is told of {year}",
    },
    "headline.rows-counted": {
        "ko": "{subject}{stated}(이)라고 적혀 있으나 아래에 {rows}줄: {difference} {over}",
        "en": "{subject}{stated}, but there are {rows} rows: {difference} {over}",
    },
    "headline.progress-falls": {
        "ko": "{subject}진도 {before} → {stated}: 앞선 해보다 낮음",
        "en": "{subject}progress falls from {before} to {stated}",
    },
    "headline.progress-complete": {
        "ko": "{subject}{stated} ↔ {year}년 계획 진도 {foreseen} (계획 {plan} 중 {spent} 집행)",
        "en": "{subject}{stated}, but the plan foresees {foreseen} for {year} ({spent} of {plan} spent)",
    },
    "headline.period-reversed": {
        "ko": "기간 {stated}: 끝이 시작보다 앞섬",
        "en": "{stated}: the period ends before it starts",
    },
    "headline.period-before": {
        "ko": "{subject}기간 {stated}이(가) 소속 사업의 기간 {programme}보다 먼저 시작",
        "en": "{subject}period {stated} starts before that of its programme, {programme}",
    },
    "headline.period-after": {
        "ko": "{subject}기간 {stated}이(가) 소속 사업의 기간 {programme}보다 늦게 끝남 (이월 표시 없음)",
        "en": "{subject}period {stated} ends after that of its programme, {programme} (no carry-over noted)",
    },
    "headline.period-amount": {
        "ko": "{subject}{stated}: 사업기간({period}) 밖의 연도에 적힘",
        "en": "{subject}{stated} in a year outside the project's period ({period})",
    },
    "headline.event-misplaced": {
        "ko": "{stated}년 줄에 적혀 있으나 날짜는 모두 {year}년",
        "en": "Under {stated}, but everything here is dated in {year}",
    },
    "headline.run-broken": {
        "ko": "{subject}{wanted}번째 달이 올 자리에 {stated}: 같은 달이 두 번, 한 달은 없음",
        "en": "{subject}{stated} where month {wanted} belongs: one month twice, another missing",
    },
    "headline.number-malformed": {
        "ko": "{subject}{stated}: 바르게 적힌 숫자가 아님 ({likely}(으)로 읽음)",
        "en": "{subject}{stated} is malformed (read as {likely})",
    },
    "headline.number-point": {
        "ko": "{subject}{stated}: 쉼표 자리에 마침표 ({likely}(으)로 읽음)",
        "en": "{subject}{stated}: a point where a comma belongs (read as {likely})",
    },
    "headline.number-ungrouped": {
        "ko": "{subject}{stated}: 이 수에만 천 단위 쉼표가 없음",
        "en": "{subject}{stated} alone has no thousands separator",
    },
    "headline.stops-doubled": {"ko": "마침표가 겹침: {label}", "en": "Doubled full stop: {label}"},
    "headline.weekday-wrong": {
        "ko": "{stated}: 맞는 요일은 ‘{right}’",
        "en": "{stated}: the weekday should be {right}",
    },
    "headline.ledger-sum": {
        "ko": "{subject}{stated} ↔ {parts}의 합 {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {parts} add up to {expected}: {difference} {over}",
    },
    "headline.ledger-relation": {
        "ko": "{subject}{stated} ↔ {parts} = {expected}: {difference} {over}",
        "en": "{subject}{stated}, but {parts} comes to {expected}: {difference} {over}",
    },
    "headline.ledger-limit": {
        "ko": "{subject}{stated}이(가) {parts} {expected}을(를) {difference} 초과",
        "en": "{subject}{stated} exceeds {parts} {expected} by {difference}",
    },
    "headline.ledger-rollup": {
        "ko": "{key} {measure} 공표 {stated} ↔ {rows}의 합 {expected}: {difference} {over}",
        "en": "{key} {measure} is published as {stated}, but its {rows} add up to {expected}: {difference} {over}",
    },
}
