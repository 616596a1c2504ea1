"""Texts of the findings in sentences: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {
    "named-differs": {
        "ko": "{label}: {stated}이(가) 적혀 있지만 그 줄에 적은 다른 줄의 계산과 다릅니다",
        "en": "{label}: {stated} is printed, but what its row works out from other rows is another amount",
    },
    "sentence-sum": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 나열된 {parts}개 항목의 합과 다릅니다 — “{sentence}”",
        "en": "{label}: {stated} is printed, but the {parts} parts listed add up to another amount — “{sentence}”",
    },
    "reason-open-list": {"ko": "일부만 나열한 목록(등)", "en": "a list that is not complete (it ends in “etc.”)"},
    "reason-not-breakdown": {"ko": "내역인지 분명하지 않은 목록", "en": "a list that may not be a breakdown"},
    "product-differs": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 {calculation}의 값과 다릅니다 — “{sentence}”",
        "en": "{label}: {stated} is printed, but {calculation} comes to another amount — “{sentence}”",
    },
    "basis-differs": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 같은 줄의 산출내역과 다릅니다 — “{sentence}”",
        "en": "{label}: {stated} is printed, but the calculation beside it comes to another amount — “{sentence}”",
    },
    "sentence-change": {
        "ko": "{label}: {second}에서 {first}(으)로의 증감이 {stated}(으)로 적혀 있으나 두 값의 차이와 다릅니다 — “{sentence}”",
        "en": "{label}: a change of {stated} is printed, but from {second} to {first} it is another — “{sentence}”",
    },
    "sentence-growth": {
        "ko": "{label}: {second}에서 {first}(으)로의 증감률이 {stated}(으)로 적혀 있으나 계산한 값과 다릅니다 — “{sentence}”",
        "en": "{label}: a rate of {stated} is printed, but from {second} to {first} it is another — “{sentence}”",
    },
    "sentence-ratio": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 {first}와(과) {second}에서 계산한 비율과 다릅니다 — “{sentence}”",
        "en": "{label}: {stated} is printed, but {first} and {second} give another rate — “{sentence}”",
    },
    "reason-not-claim": {"ko": "무엇의 비율인지 분명하지 않음", "en": "a rate of which it is not clear what it relates"},
    "period-reversed": {
        "ko": "{stated}: 끝이 시작보다 앞섭니다 — “{sentence}”",
        "en": "{stated}: the period ends before it starts — “{sentence}”",
    },
    "period-before": {
        "ko": "{label}: 기간 {stated}이(가) 소속 사업의 기간 {programme}보다 먼저 시작합니다",
        "en": "{label}: its period {stated} starts before that of its programme, {programme}",
    },
    "period-after": {
        "ko": "{label}: 기간 {stated}이(가) 소속 사업의 기간 {programme}보다 늦게 끝납니다 (이월 표시 없음)",
        "en": "{label}: its period {stated} ends after that of its programme, {programme}, and no carry-over is noted",
    },
    "period-amount": {
        "ko": "{label}: 사업기간({period}) 밖의 연도에 {stated}이(가) 적혀 있습니다 — “{sentence}”",
        "en": "{label}: {stated} stands in a year outside the project's period ({period}) — “{sentence}”",
    },
    "run-broken": {
        "ko": "{label}: {wanted}번째 달이 올 자리에 {stated}이(가) 적혀 있습니다. 같은 달이 두 번 나오고 한 달이 빠져 있습니다",
        "en": "{label}: {stated} stands where month {wanted} belongs; one month is printed twice and another is missing",
    },
    "event-misplaced": {
        "ko": "{label}년 줄에 적혀 있으나 날짜는 모두 {year}년입니다 — “{sentence}”",
        "en": "this stands under {label}, but everything in it is dated in {year} — “{sentence}”",
    },
    "narrative-differs": {
        "ko": "{label}: 집행액은 {stated}(으)로 적혀 있으나 {year}년 추진 내용에 적힌 금액의 합과 다릅니다 — “{sentence}”",
        "en": "{label}: {stated} is printed, but what is told of {year} adds up to another amount — “{sentence}”",
    },
    "narrative-missing": {
        "ko": "{label}: {year}년 추진 내용에는 금액이 적혀 있으나 집행액은 비어 있습니다({stated}) — “{sentence}”",
        "en": "{label}: amounts are told of {year}, but nothing is executed in the table ({stated}) — “{sentence}”",
    },
    "reason-narrative": {"ko": "금액이 빠짐없이 서술되었는지 분명하지 않음", "en": "a narrative that may not name every amount"},
    "number-malformed": {
        "ko": "{label}: {stated}은(는) 바르게 적힌 숫자가 아닙니다 ({likely}(으)로 읽었습니다)",
        "en": "{label}: {stated} is not written as a number should be (read as {likely})",
    },
    "number-point": {
        "ko": "{label}: {stated}의 마침표는 쉼표를 잘못 적은 것으로 보입니다 ({likely})",
        "en": "{label}: the point of {stated} seems to stand for a comma ({likely})",
    },
    "number-ungrouped": {
        "ko": "{label}: {stated}에만 천 단위 쉼표가 없습니다",
        "en": "{label}: {stated} alone has no comma between its thousands",
    },
    "stops-doubled": {"ko": "{label}: 마침표가 겹쳐 있습니다", "en": "{label}: the full stop is doubled"},
    "spelled-differs": {
        "ko": "{stated}(이)라 적고 숫자로는 {digits}(이)라 적었습니다 — “{sentence}”",
        "en": "{stated} in words, but {digits} in digits — “{sentence}”",
    },
    "weekday-wrong": {
        "ko": "{label}: 날짜와 요일이 맞지 않습니다 (그 날은 {right}요일입니다) — “{sentence}”",
        "en": "{label}: the weekday does not fit the date (it is {right}) — “{sentence}”",
    },
    "told-differs": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 다른 곳에는 {there}(으)로 적혀 있습니다 — “{sentence}”",
        "en": "{label}: {stated} here, but {there} elsewhere — “{sentence}”",
    },
    "told-cell": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 표의 ‘{other}’은(는) {there}입니다 "
        "(이 문장과 표가 함께 적은 {common}개 값 가운데 {agreeing}개는 같습니다) — “{sentence}”",
        "en": "{label}: {stated} here, but {there} in the table ({other}; {agreeing} of the {common} figures "
        "that this sentence and the table state agree) — “{sentence}”",
    },
    "told-share": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 표의 {first}, {second}에서 계산한 비중과 다릅니다 — “{sentence}”",
        "en": "{label}: {stated} is told, but {first} of {second} in the table is another share — “{sentence}”",
    },
    "told-growth": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 표의 {second}에서 {first}(으)로의 증감률과 다릅니다 — “{sentence}”",
        "en": "{label}: {stated} is told, but from {second} to {first} in the table it is another rate — “{sentence}”",
    },
    "told-change": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 표의 {second}에서 {first}(으)로의 증감과 다릅니다 — “{sentence}”",
        "en": "{label}: {stated} is told, but from {second} to {first} in the table it is another change — “{sentence}”",
    },
    "told-share-printed": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 표의 ‘{other}’은(는) {there}입니다 — “{sentence}”",
        "en": "{label}: {stated} is told, but the table has {there} ({other}) — “{sentence}”",
    },
    "told-rank": {
        "ko": "{label}: {stated}(이)라고 적혀 있으나 표에서는 {other}이(가) 앞섭니다({there}) — “{sentence}”",
        "en": "{label}: said to be {stated}, but in the table {other} comes first ({there}) — “{sentence}”",
    },
    "told-unit": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 다른 곳에는 {there}(으)로 적혀 있어 단위가 다릅니다 — “{sentence}”",
        "en": "{label}: {stated} here, but {there} elsewhere: the same digits in another unit — “{sentence}”",
    },
    "told-balance": {
        "ko": "{label}: {stated}에서 {spent}을(를) 빼면 다른 곳에 적힌 수지 {there}와(과) 단위가 다릅니다 — “{sentence}”",
        "en": "{label}: {stated} less {spent} is the balance told elsewhere, {there}, in another unit — “{sentence}”",
    },
    "rows-counted": {
        "ko": "{label}: {stated}(이)라고 적혀 있으나 아래에 {rows}줄이 있습니다",
        "en": "{label}: {stated} is printed, but there are {rows} rows",
    },
    "progress-falls": {
        "ko": "{label}: 진도가 {stated}(으)로, 앞선 해의 {before}보다 낮습니다",
        "en": "{label}: progress falls to {stated} from {before} in the year before",
    },
    "progress-complete": {
        "ko": "{label}: {stated}(으)로 적혀 있으나 계획 {plan} 중 {spent}만 집행되었고, {year}년의 계획 진도는 {foreseen}입니다",
        "en": "{label}: {stated} is printed, but {spent} of {plan} planned is spent, and the plan foresees {foreseen} for {year}",
    },
    "key-period-check": {
        "ko": "order(시작과 끝), programme(소속 사업의 기간), years(연도별 금액), run(달의 차례), events(그 해의 일)",
        "en": "order (start and end), programme, years (yearly amounts), run (months in order), events (dated in their year)",
    },
    "key-notation-check": {
        "ko": "number(잘못 적은 숫자), grouping(쉼표), stops(겹친 마침표), weekday(요일)",
        "en": "number (malformed), grouping (commas), stops (doubled), weekday",
    },
    "key-agree-told": {
        "ko": "tables(표와 표), text(문장과 문장·표), narrative(연도별 서술과 집행표)",
        "en": "tables, text (sentences, and sentences with tables), narrative (yearly narrative with the execution table)",
    },
}
