"""What --help says in Korean: the texts of commands by their name, those of options by their English text."""

COMMANDS: dict[str, str] = {
    "budgetaudit": """예산과 그 집행을 적은 문서를 점검해, 서로 맞지 않는 곳을 찾습니다.

\b
예:
  budgetaudit check 업무계획.hwpx
  budgetaudit check 제출본/ --fail-on warning --format json --output report.json
  budgetaudit tables 업무계획.hwpx
  budgetaudit rules funding-sources
""",
    "check": """문서를 규칙에 대조해, 서로 맞지 않는 곳을 알립니다.

HWPX, HWP, PDF, DOCX, XLSX, XLS, CSV, TSV, HTML, Markdown, 텍스트를 읽습니다.
폴더를 주면 그 아래 모든 문서, -를 주면 표준 입력입니다.
문서는 하나씩 따로 점검하고, --together를 주면 서로도 대조합니다. 모두 알린 뒤에 종료 코드를 냅니다. 원본은 바꾸지 않습니다.

\b
예:
  budgetaudit check 업무계획.hwpx
  budgetaudit check 제출본/*.hwpx || exit 1              제출 전 관문
  budgetaudit check 제출본/ --jobs 0                     폴더 아래 모든 문서
  budgetaudit check 원장.csv --rules 규칙.yaml           직접 쓴 규칙
  budgetaudit check 계획.hwpx 예산서.pdf --together      문서끼리도 대조
  budgetaudit check 계획.pdf -o 결과.html                브라우저로 보는 보고서
  budgetaudit check 계획.pdf --marked 표시.pdf           발견 사항을 표시한 사본
  budgetaudit check 계획.hwpx --write-waivers 예외.yaml  예외 인정 초안
""",
    "compare": """한 문서의 두 판을 견줍니다: 고쳐진 것, 새로 생긴 것, 바뀐 것, 그대로 남은 것과 바뀐 수치.

줄 번호가 아니라 항목 이름으로 짝을 짓습니다. 종료 코드는 새로 생기거나 바뀐 것 가운데 예외로 인정하지 않은 것만 셉니다.

\b
예:
  budgetaudit compare 계획-초안1.hwpx 계획-초안2.hwpx
  budgetaudit compare 예산서-2024.xlsx 예산서-2025.xlsx --format json --output 변경.json
""",
    "tables": """읽은 대로 보입니다: 모든 표와 그 좌표, 단위, 불확실한 점.

행과 열의 번호는 발견 사항에서 쓰는 번호입니다. 화살표는 그 자리를 덮는 병합된 칸을 가리킵니다.

\b
예:
  budgetaudit tables 업무계획.hwpx
  budgetaudit tables 업무계획.hwpx --format json --output 표.json
""",
    "figures": """읽은 수치마다 한 줄인 표로 씁니다: 어수선한 예산서를 정돈된 자료로.

줄마다 위치(파일, 쪽, 시트, 표, 행, 열, 줄), 좌표(항목, 재원, 연도, 금액 종류), 적힌 글, 정확한 금액과 단위,
등식으로 확인되었는지가 있습니다. Parquet에는 추가 꾸러미 'parquet'이 필요합니다.

\b
예:
  budgetaudit figures 예산서.hwpx -o 수치.parquet
  budgetaudit figures 예산서.xlsx -o 수치.csv
""",
    "discover": """이름표 없이 산술만으로, 문서의 수치 사이에 성립하는 관계를 찾습니다.

모두 성립하거나 몇 칸에서만 어긋나는 합계·소계·평균·비율·증감을, 검토해서 check --rules에 줄 규칙 파일이나 JSON으로 냅니다.

\b
예:
  budgetaudit discover 원장.xlsx --output 규칙.yaml
  budgetaudit discover 표.csv --format json
""",
    "rules": """규칙을 나열하거나, 하나를 설명하거나, 새 규칙 쓰기를 돕습니다.

\b
예:
  budgetaudit rules                          모든 묶음의 규칙
  budgetaudit rules funding-sources          무엇을 왜 대조하고, 어떻게 예외로 두는지
  budgetaudit rules lint 규칙.yaml           잘못된 곳을 줄 번호와 함께
  budgetaudit rules test 규칙.yaml           규칙.cases.yaml의 사례로 시험
  budgetaudit rules new 원장.csv -o 규칙.yaml   파일의 열에서 규칙 쓰기 시작
  budgetaudit rules schema -o rules.schema.json 편집기의 자동 완성
""",
    "completion": """셸에서 명령, 옵션, 파일 이름을 자동 완성하는 스크립트를 냅니다.

\b
bash의 예:
  budgetaudit completion bash > ~/.local/share/bash-completion/completions/budgetaudit
""",
}

EXIT_CODES = (
    "종료 코드: 0 --fail-on 이상의 발견 사항 없음, 1 있음, 2 잘못된 사용법이나 규칙 파일, "
    "3 읽지 못한 파일, 실행되지 못한 규칙, 또는 대조한 것이 하나도 없음."
)

OPTIONS: dict[str, str] = {
    "Show this message and exit.": "이 도움말을 보입니다.",
    "Show the version and exit.": "판 번호를 보입니다.",
    "Configuration file  [default: the nearest budgetaudit.toml or pyproject.toml with a table tool.budgetaudit]": "설정 파일  "
    "[기본값: 가장 가까운 budgetaudit.toml, 또는 tool.budgetaudit 표가 있는 pyproject.toml]",
    "Read no configuration file.": "설정 파일을 읽지 않습니다.",
    "Rule file, folder of rule files, or pack (korea-local, generic); given several times they combine.": "규칙 파일, 규칙 폴더, "
    "또는 묶음(korea-local, generic). 여러 번 주면 합칩니다.",
    "Least severity that makes the exit code 1.": "종료 코드를 1로 만드는 가장 낮은 등급.",
    "Format of the report  [default: by --output, else table]": "보고서 형식  [기본값: --output의 확장자, 없으면 table]",
    "Write the report to this file, whole or not at all.": "보고서를 이 파일에 씁니다. 다 쓰지 못하면 아무것도 남기지 않습니다.",
    "List every comparison, passing ones included.": "일치한 것까지 모든 대조를 나열합니다.",
    "Waiver file: findings accepted with a reason.": "예외 인정 파일: 사유를 적어 받아들인 발견 사항.",
    "Also tie figures across the files: books, pledge cards, last year's book, ledgers.": "파일끼리도 수치를 대조합니다: "
    "예산서, 공약 관리카드, 전년도 책자, 원장.",
    "Draft waivers of what is found, to be reviewed.": "발견 사항의 예외 인정 초안을 씁니다. 검토하고 고쳐야 합니다.",
    "Processes; 0 means one a processor.": "프로세스 수. 0이면 프로세서마다 하나.",
    "What runs ledgers of many rows (large CSV, Parquet).": "행이 많은 원장(큰 CSV, Parquet)을 돌릴 엔진.",
    "Write every finding of a ledger to this CSV or Parquet file.": "원장의 모든 발견 사항을 이 CSV나 Parquet 파일에 씁니다.",
    "Show every suspect, and findings that follow from another one.": "의심되는 값을 모두, "
    "다른 것에서 따라 나온 발견 사항까지 보입니다.",
    "One line a file on the screen.": "화면에 파일마다 한 줄만 씁니다.",
    "Language of the report and of every message.": "보고서와 모든 안내의 언어.",
    "Also write a copy of the document with its findings marked (or a folder of copies).": "발견 사항을 표시한 문서 사본도 씁니다"
    "(폴더를 주면 사본마다 하나).",
    "In the marked copy also sign what is proven: footed, cross-footed, tied.": "사본에 확인된 수치의 감사 표시도 남깁니다: "
    "세로합, 가로합, 대조.",
    "Exit code 1 also where an input has figures and less than so much of a hundred of them is proven by an equality.": (
        "수치 가운데 등식으로 확인된 몫(%)이 이보다 작은 파일이 있어도 종료 코드를 1로 합니다."
    ),
    "Format.": "형식.",
    "Format  [default: by --output, else csv]": "형식  [기본값: --output의 확장자, 없으면 csv]",
    "Rule files or packs: read with their vocabulary, and say where each rule applied.": "규칙 파일이나 묶음: 그 낱말로 읽고, "
    "규칙마다 어디에 적용되었는지 보입니다.",
    "Apply these rules only.": "이 규칙만 적용합니다.",
    "Leave these rules out.": "이 규칙은 적용하지 않습니다.",
    "Make the findings of a rule errors, warnings or notes.": "규칙의 발견 사항을 오류·경고·참고로 바꿉니다.",
    "Leave these paths out of folders and patterns.": "폴더나 무늬로 고를 때 이 경로는 뺍니다.",
    "Write a report to this file, whole or not at all; several times for several formats.": "보고서를 이 파일에 씁니다. "
    "다 쓰지 못하면 아무것도 남기지 않습니다. 여러 형식이면 여러 번 줍니다.",
    "Order of the findings of each file.": "파일마다 발견 사항을 늘어놓는 차례.",
    "Print counts per rule instead of the findings.": "발견 사항 대신 규칙별 건수를 씁니다.",
    "Drop dead waivers from the waiver files.": "효력이 없는 예외 인정을 파일에서 지웁니다.",
    "Count only what is not in this file; without the file it is written.": "이 파일에 없는 것만 셉니다. 없으면 새로 씁니다.",
    "No failure for a file without a figure that could be checked.": "대조할 수치가 없는 파일을 실패로 치지 않습니다.",
    "Check again whenever a file changes, until interrupted.": "파일이 바뀔 때마다, 중단할 때까지 다시 점검합니다.",
    "Format  [default: by --output, else yaml]": "형식  [기본값: --output의 확장자, 없으면 yaml]",
    "Packs or rule files to explain  [default: every pack]": "설명할 묶음이나 규칙 파일  [기본값: 모든 묶음]",
    "Print the whole catalogue as Markdown.": "모든 규칙의 목록을 Markdown으로 냅니다.",
}

WORDS: dict[str, str] = {
    "FILE": "파일",
    "PATTERN": "무늬",
    "RULE=LEVEL": "규칙=등급",
    "RULE": "규칙",
    "OLD": "이전",
    "NEW": "이후",
    "PATH": "경로",
    "PACK": "묶음",
    "COMMAND": "명령",
    "ARGS": "인수",
    "OPTIONS": "옵션",
    "INTEGER RANGE": "정수",
    "INTEGER": "정수",
    "TEXT": "글",
    "DATE": "날짜",
    "CASES": "사례",
    "SHELL": "셸",
    "default": "기본값",
    "required": "필수",
    "that of the system": "시스템의 언어",
    "env var": "환경 변수",
    "ID": "규칙",
}

TEXTS: dict[str, dict[str, str]] = {
    "help.usage": {"ko": "사용법: ", "en": "Usage: "},
    "help.options": {"ko": "옵션", "en": "Options"},
    "help.commands": {"ko": "명령", "en": "Commands"},
}
