"""Small workbooks for tests: the XML parts as a writer other than ours would leave them."""

from __future__ import annotations

import io
import zipfile

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def workbook(
    *sheets: str,
    strings: tuple[str, ...] = (),
    formats: tuple[str, ...] = (),
    states: tuple[str, ...] = (),
    kinds: tuple[str, ...] = (),
    properties: str = "",
    extra: dict[str, bytes] | None = None,
) -> bytes:
    """An XLSX file: each sheet's inner XML, shared strings as XML, and one cell style for each number format."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": RELATIONS.format(f'<Relationship Id="r" Type="{KIND}officeDocument" Target="xl/workbook.xml"/>'),
        "xl/sharedStrings.xml": "<sst>" + "".join(f"<si>{text}</si>" for text in strings) + "</sst>",
        "xl/styles.xml": _styles(formats),
    }
    listed, related = "", ""
    for number, inner in enumerate(sheets, 1):
        state = states[number - 1] if number <= len(states) else "visible"
        listed += f'<sheet name="시트{number}" sheetId="{number}" state="{state}" r:id="rId{number}"/>'
        kind = kinds[number - 1] if number <= len(kinds) else "worksheet"
        related += f'<Relationship Id="rId{number}" Type="{KIND}{kind}" Target="worksheets/sheet{number}.xml"/>'
        parts[f"xl/worksheets/sheet{number}.xml"] = SHEET.format(inner)
    for name in ("sharedStrings", "styles"):
        related += f'<Relationship Id="{name}" Type="{KIND}{name}" Target="/xl/{name}.xml"/>'
    parts["xl/workbook.xml"] = f'<workbook xmlns:r="r">{properties}<sheets>{listed}</sheets></workbook>'
    parts["xl/_rels/workbook.xml.rels"] = RELATIONS.format(related)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **(extra or {})}.items():
            archive.writestr(name, content)
    return stream.getvalue()


def rows(*lines: list[object]) -> str:
    """Sheet data: numbers as numbers, texts inline, None left out; a string that begins with '<' is a cell's XML."""
    out = []
    for number, line in enumerate(lines, 1):
        cells = "".join(_cell(f"{chr(65 + column)}{number}", value) for column, value in enumerate(line) if value is not None)
        out.append(f'<row r="{number}">{cells}</row>')
    return "<sheetData>" + "".join(out) + "</sheetData>"


def _cell(name: str, value: object) -> str:
    if isinstance(value, str):
        return (
            value.replace("<c", f'<c r="{name}"', 1)
            if value.startswith("<")
            else f'<c r="{name}" t="inlineStr"><is><t>{value}</t></is></c>'
        )
    return f'<c r="{name}"><v>{value}</v></c>'


def _styles(formats: tuple[str, ...]) -> str:
    codes = "".join(f'<numFmt numFmtId="{200 + at}" formatCode="{_quoted(code)}"/>' for at, code in enumerate(formats))
    styles = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{200 + at}"/>' for at in range(len(formats)))
    styles += '<xf numFmtId="3"><alignment indent="2"/></xf>'
    return f"<styleSheet><numFmts>{codes}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>"


def _quoted(code: str) -> str:
    return code.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
