"""Texts of what is discovered without labels: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {
    "discover-head": {
        "ko": "{file}의 숫자에서 찾은 관계: {count}. 검토하고 고친 뒤: budgetaudit check {file} --rules FILE",
        "en": "Relations found among the figures of {file}: {count}. Review them, then: budgetaudit check {file} --rules FILE",
    },
    "discover-none": {
        "ko": "{file}: 성립하는 관계를 찾지 못했습니다.",
        "en": "{file}: no relations were found among its figures.",
    },
    "discover-title": {"ko": "{check}", "en": "{check}"},
    "discover-why": {
        "ko": "표 {table}: 성립한 곳 {holds}, 어긋난 곳 {fails} (우연일 가능성 2의 -{bits}제곱).",
        "en": "Table {table}: places where it holds {holds}, where it fails {fails} (chance: 2 to the power of -{bits}).",
    },
    "discover-unnamed": {
        "ko": "이름으로 적을 수 없는 관계 {count}가지가 더 있습니다(--format json).",
        "en": "Relations that names cannot say, listed by --format json: {count}.",
    },
}
