"""What each kind of rule does, what its keys mean, what the findings of a kind alone say: code → language → text."""

TEXTS: dict[str, dict[str, str]] = {
    "kind-sum": {
        "ko": "합계는 한 차원을 따라 있는 부분들의 합과 같아야 합니다",
        "en": "a total must be the sum of its parts along a dimension",
    },
    "kind-agree": {
        "ko": "여러 곳에 적힌 같은 금액은 서로 같아야 합니다",
        "en": "one amount stated in several places must be the same everywhere",
    },
    "kind-roll": {
        "ko": "앞선 잔액에 늘어난 금액을 더하고 준 금액을 빼면 끝 잔액이며, 다음 기간은 그 잔액에서 시작합니다",
        "en": "what there was, and what came in, less what went out, is what there is; the next period begins with it",
    },
    "kind-workbook": {
        "ko": "엑셀 수식은 함께 저장된 값을 내고, 합계 범위는 목록을 빠짐없이 더해야 합니다",
        "en": "a workbook's formulas give the values stored with them, and their sums leave out nothing of a list",
    },
    "kind-within": {"ko": "왼쪽 금액은 오른쪽 금액을 넘지 않아야 합니다", "en": "the left amount must not exceed the right one"},
    "kind-change": {
        "ko": "증감은 새 금액에서 옛 금액을 뺀 것이어야 합니다",
        "en": "a change must be the new amount less the old one",
    },
    "kind-rate": {"ko": "비율은 두 금액에서 계산되는 값이어야 합니다", "en": "a rate must follow from its two amounts"},
    "kind-formula": {
        "ko": "이름 붙은 열이나 구성원 사이의 식이 성립해야 합니다",
        "en": "a formula over named columns or members must hold",
    },
    "kind-header": {"ko": "표머리에 적힌 식이 성립해야 합니다", "en": "the formulas that a table's headers print must hold"},
    "kind-product": {
        "ko": "산출기초의 곱은 적힌 금액과 같아야 합니다",
        "en": "a product such as price × number must be the amount stated",
    },
    "kind-count": {
        "ko": "적힌 개수는 실제로 센 개수나 부분의 합과 같아야 합니다",
        "en": "a stated count must be what can be counted or added up",
    },
    "kind-period": {
        "ko": "기간의 시작과 끝, 연도가 서로 맞아야 합니다",
        "en": "periods, their starts, ends and years must fit each other",
    },
    "kind-notation": {"ko": "숫자는 바르게 적혀야 합니다", "en": "numbers must be written properly"},
    "kind-rollup": {
        "ko": "원장에서 열쇠별로 더한 금액은 다른 파일에 공표된 금액과 같아야 합니다",
        "en": "sums per key in a ledger must be what another file publishes per key",
    },
    "kind-unique": {"ko": "원장의 두 행이 같은 열쇠를 가질 수 없습니다", "en": "no two rows of a ledger may hold the same key"},
    "key-rows": {"ko": "적용할 행의 조건: 구분 = '세출' and 연도 >= 2024", "en": "Which rows: kind = 'spent' and year >= 2024"},
    "key-by": {"ko": "묶는 열: 묶음마다 합하여 비교", "en": "Columns to group by: sums per group are compared"},
    "key-blanks": {"ko": "빈칸: missing(모름, 기본) 또는 zero(0)", "en": "What a blank is: missing (default) or zero"},
    "key-keys": {"ko": "키를 맞추는 방법", "en": "How keys are matched"},
    "key-case": {"ko": "대소문자: keep(구분, 기본) 또는 fold(무시)", "en": "Case of keys: keep (default) or fold"},
    "key-pad": {"ko": "숫자 코드를 이 자릿수까지 앞에 0을 채움", "en": "Codes of digits are padded with zeros to this width"},
    "key-trailing_zeros": {"ko": "끝의 0을 무시할 열", "en": "Columns in which zeros at the end do not count"},
    "key-compare": {
        "ko": "비교할 키: both(양쪽, 기본) 또는 own(이 파일의 키만)",
        "en": "Which keys are compared: of both sides (default) or of the own rows only",
    },
    "key-unique-told": {
        "ko": "되풀이된 키의 행 가운데: later(뒤의 것, 기본) 또는 every(모두)",
        "en": "Which rows of a repeated key are findings: the later ones (default) or every one",
    },
    "key-missing": {
        "ko": "한쪽에만 있는 키: finding(발견 사항, 기본) 또는 zero(0)",
        "en": "A key on one side only: finding (default) or zero",
    },
    "key-id": {"ko": "짧은 이름; 다시 쓰거나 바꾸지 않음", "en": "A short name, never reused"},
    "key-kind": {"ko": "검사의 종류", "en": "The kind of check"},
    "key-title": {"ko": "무엇이 성립해야 하는가", "en": "What must hold"},
    "key-extends": {
        "ko": "이어받을 규칙의 id: 적은 키만 바뀜. id가 같거나 없으면 그 규칙을 대신함",
        "en": "The id of a rule whose keys are taken over; with the same id, or none, it takes that rule's place",
    },
    "key-severity": {"ko": "중요도: error는 확실할 때만", "en": "How grave a finding is; error only where it is certain"},
    "key-tolerance": {
        "ko": "허용 오차: rounding(기본), exact, 금액, 비율",
        "en": "How far a figure may be off: rounding (default), exact, an amount, a percentage",
    },
    "key-why": {"ko": "왜 성립해야 하는가", "en": "Why it must hold"},
    "key-basis": {"ko": "근거 법령이나 지침", "en": "The law or guideline, where there is one"},
    "key-example": {"ko": "지적되는 표의 예", "en": "A table that is found wrong"},
    "key-where": {
        "ko": "적용할 표, 파일, 시트와 판정할 금액의 열 (* 사용 가능)",
        "en": "The tables, files and sheets it is for, and the columns whose figures it judges (* allowed)",
    },
    "key-retired": {"ko": "이 판부터 쓰지 않음", "en": "The version since which it is not applied"},
    "key-table": {"ko": "표 제목", "en": "A table's caption"},
    "key-file": {"ko": "파일 이름", "en": "A file's name"},
    "key-sheet": {"ko": "시트 이름", "en": "A sheet's name"},
    "key-column": {"ko": "열 이름", "en": "A column's name"},
    "key-sum-along": {"ko": "더하는 차원", "en": "The dimension to add up along"},
    "key-sum-total": {"ko": "합계 구성원 (기본 total)", "en": "The member that is the sum (default total)"},
    "key-sum-running": {"ko": "누계 (그때까지의 합)", "en": "The sum is a running one: of all so far"},
    "key-sum-parts": {"ko": "더할 구성원 (기본: 있는 것 모두)", "en": "The members to add up (default: every one present)"},
    "key-within-left": {"ko": "넘지 않아야 할 금액", "en": "The amount that must not exceed the other"},
    "key-within-right": {"ko": "한도", "en": "The limit"},
    "key-within-also": {"ko": "연도 누계로도 비교", "en": "Compare running totals over the years too"},
    "key-change-change": {"ko": "증감", "en": "The change"},
    "key-change-new": {"ko": "새 금액", "en": "The new amount"},
    "key-change-old": {"ko": "옛 금액", "en": "The old amount"},
    "key-rate-rate": {"ko": "비율", "en": "The rate"},
    "key-rate-numerator": {"ko": "분자", "en": "What is divided"},
    "key-rate-denominator": {"ko": "분모", "en": "What it is divided by"},
    "key-rate-of": {
        "ko": "비율의 뜻: ratio, growth, share, whole(합이 전체)",
        "en": "What the rate is: ratio, growth, share, or whole (rates add up)",
    },
    "key-formula-check": {"ko": "'a - b = c' 같은 식", "en": "A formula such as 'a - b = c'"},
    "key-rollup-by": {
        "ko": "열쇠가 되는 열; 공표 파일에서 이름이 다르면 '원장 열 -> 공표 열'",
        "en": "The columns of the key; 'own -> theirs' where the published file calls them otherwise",
    },
    "key-rollup-measures": {
        "ko": "더할 금액 열; 이름이 다르면 '원장 열 -> 공표 열'",
        "en": "The columns to add up, named like the key",
    },
    "key-rollup-published": {"ko": "공표 파일 (규칙 파일에서 본 경로)", "en": "The published file, relative to the rule file"},
    "key-unique-key": {"ko": "겹치지 않아야 할 열", "en": "The columns that together must not repeat"},
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
