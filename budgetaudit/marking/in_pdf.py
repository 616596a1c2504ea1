"""PDF: highlight annotations over the figures, and a note in the margin that tells the finding. No page is changed."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from budgetaudit.marking import Unmarkable
from budgetaudit.marking.marks import OTHER, TICK, Mark, ordered, squeezed

if TYPE_CHECKING:
    from budgetaudit.readers.pdf_objects import Char

COLORS = {"error": (1.0, 0.62, 0.62), "warning": (1.0, 0.85, 0.45), "note": (0.65, 0.83, 1.0), OTHER: (0.86, 0.86, 0.88)}
SIGN = (0.08, 0.45, 0.2)
NOTE_SIZE, NOTE_STEP = 18, 20
SAME_LINE = 0.6  # of the height of a letter
AUTHOR = "budgetaudit"
TURNS = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}  # what stands upright on a page so turned


@dataclass(slots=True)
class Line:
    """Letters that stand side by side on a page, without the blanks between them."""

    text: str = ""
    letters: list[Char] = field(default_factory=list)
    middle: float = 0.0


@dataclass(slots=True)
class Box:
    """A rectangle in the coordinates of the page."""

    left: float
    bottom: float
    right: float
    top: float


def mark(data: bytes, marks: Sequence[Mark], legend: Sequence[str]) -> tuple[bytes, list[Mark]]:
    """The document with annotations; what is printed stays as it is."""
    import pypdfium2
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # what it repairs on the way is no concern of the reader
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unmarkable
        writer = PdfWriter(clone_from=reader)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unmarkable from error
    lost: list[Mark] = []
    by_page: dict[int, list[Mark]] = {}
    for one in ordered(marks):
        by_page.setdefault(one.place.page or 0, []).append(one)
    try:
        printed = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unmarkable from error
    with closing(printed):
        for number in sorted(number for number in by_page if 0 < number <= min(len(printed), len(writer.pages))):
            with closing(printed[number - 1]) as page:
                lost += _page(writer, _sheet(writer, number - 1, page), page, by_page.pop(number))
        sheet = _sheet(writer, 0, printed[0]) if len(printed) and len(writer.pages) else None
    if legend and sheet and any(one.kind == TICK for one in marks):
        top = sheet.size[1] - 6
        _note(writer, sheet, Box(6, top - NOTE_SIZE, 6 + NOTE_SIZE, top), "\n".join(legend), SIGN)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue(), lost + [one for rest in by_page.values() for one in rest]


def _page(writer: Any, sheet: Sheet, page: Any, marks: Sequence[Mark]) -> list[Mark]:
    """Annotate one page; the marks whose figure is not found on it come back."""
    from budgetaudit.readers import pdf_objects

    frame, text = pdf_objects.text(page)
    sheet = replace(sheet, turned=frame.turn)  # as it is read: a table may lie on its side on an upright page
    lines = _lines(text.chars)
    lost: list[Mark] = []
    notes: dict[str, list[tuple[Box, Mark]]] = {}
    for one in marks:
        letters = _find(lines, one)
        if not letters:
            lost.append(one)
            continue
        box = _box(letters, frame.height)
        if one.kind == TICK:
            _sign(writer, sheet, box, one.sign)
            continue
        _highlight(writer, sheet, box, one)
        if one.note:
            notes.setdefault(one.note, []).append((box, one))
    taken: list[float] = []
    for note, found in sorted(notes.items(), key=lambda item: -item[1][0][0].top):
        box, one = found[0]
        top = min([box.top, *([min(taken) - NOTE_STEP] if taken and min(taken) - box.top < NOTE_STEP else [])])
        taken.append(top)
        right = sheet.size[0] - (24 if sheet.turned else 4)  # an icon keeps upright and hangs over the corner it is tied to
        _note(writer, sheet, Box(right - NOTE_SIZE, top - NOTE_SIZE, right, top), note, COLORS[one.kind])
    return lost


# --- where it is printed -----------------------------------------------------------------------


def _lines(letters: Sequence[Char]) -> list[Line]:
    """The letters of a page in lines from the top, each from the left."""
    lines: list[Line] = []
    for letter in sorted(letters, key=lambda one: one.top + one.bottom):
        middle = (letter.top + letter.bottom) / 2
        height = letter.bottom - letter.top
        if not lines or middle - lines[-1].middle > height * SAME_LINE:
            lines.append(Line(middle=middle))
        lines[-1].letters.append(letter)
    for line in lines:
        line.letters.sort(key=lambda one: one.left)
        line.text = "".join(one.text for one in line.letters)
        line.letters = [one for one in line.letters for _ in one.text]  # a ligature is one sign of two letters
    return lines


def _find(lines: Sequence[Line], mark: Mark) -> list[Char]:
    """The letters of what is printed: on the line that has most of its row or of its sentence."""
    printed = squeezed(mark.printed).removesuffix("…")
    if mark.sentence and mark.printed == mark.sentence:
        printed = printed[:20]
    if not printed:
        return []
    pieces = _pieces(mark)
    before = sum(squeezed(cell) == printed for cell in mark.cells[: mark.column])
    best: tuple[int, list[Char]] = (-1, [])
    for at, line in enumerate(lines):
        found = list(_occurrences(line, printed))
        if not found:
            continue
        around = line.text if not mark.sentence else "".join(other.text for other in lines[max(at - 2, 0) : at + 3])
        score = sum(piece in around for piece in pieces)
        if score > best[0]:
            chosen = found[min(before, len(found) - 1)]
            best = (score, line.letters[chosen : chosen + len(printed)])
    if not best[1] and len(printed) > 30:  # a long text that is broken over lines: its beginning will do
        return next((line.letters[at : at + 12] for line in lines for at in _occurrences(line, printed[:12])), [])
    return best[1]


def _pieces(mark: Mark) -> list[str]:
    """What else stands near: the other cells of the row, or stretches of the sentence."""
    if mark.sentence:
        whole = squeezed(mark.sentence)
        return [whole[at : at + 8] for at in range(0, max(len(whole) - 8, 1), 5)]
    return [text for cell in mark.cells if len(text := squeezed(cell).removesuffix("…")) > 1]


def _occurrences(line: Line, printed: str) -> Iterator[int]:
    """Where a text begins in a line; a number is not found within a longer one."""
    at = line.text.find(printed)
    while at >= 0:
        end = at + len(printed)
        if not (_goes_on(line, at) or _goes_on(line, end)) and end <= len(line.letters):
            yield at
        at = line.text.find(printed, at + 1)


def _goes_on(line: Line, at: int) -> bool:
    """True if a number is not over at a position: digits, commas or points without a gap."""
    if not 0 < at < len(line.letters):
        return False
    one, other = line.letters[at - 1], line.letters[at]
    numeric = all(letter.text in "0123456789,." for letter in (one, other))
    return numeric and other.left - one.right < 0.25 * (one.bottom - one.top)


def _box(letters: Sequence[Char], height: float) -> Box:
    """The rectangle around letters, as the page is shown."""
    left, right = min(one.left for one in letters), max(one.right for one in letters)
    return Box(left, height - max(one.bottom for one in letters), right, height - min(one.top for one in letters))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the copy: how it is turned when it is read, and where its corners are."""

    index: int
    turned: int
    corners: tuple[float, float, float, float]

    def placed(self, box: Box) -> Box:
        """A rectangle of the page as it is shown in the coordinates of the page itself."""
        x0, y0, x1, y1 = self.corners
        if self.turned == 90:
            return Box(x1 - box.top, box.left + y0, x1 - box.bottom, box.right + y0)
        if self.turned == 180:
            return Box(x1 - box.right, y1 - box.top, x1 - box.left, y1 - box.bottom)
        if self.turned == 270:
            return Box(box.bottom + x0, y1 - box.right, box.top + x0, y1 - box.left)
        return Box(box.left + x0, box.bottom + y0, box.right + x0, box.top + y0)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as the page is shown."""
        x0, y0, x1, y1 = self.corners
        return (y1 - y0, x1 - x0) if self.turned in (90, 270) else (x1 - x0, y1 - y0)


def _sheet(writer: Any, index: int, page: Any) -> Sheet:
    """A page of the copy, with the corners of what is shown of it."""
    return Sheet(index, int(writer.pages[index].get("/Rotate") or 0) % 360, page.get_bbox())


# --- annotations -------------------------------------------------------------------------------


def _highlight(writer: Any, sheet: Sheet, shown: Box, mark: Mark) -> None:
    from pypdf.generic import ArrayObject, FloatObject, NameObject

    box = sheet.placed(shown)
    annotation = _annotation("/Highlight", box, mark.note, COLORS[mark.kind], mark.name)
    corners = (box.left, box.top, box.right, box.top, box.left, box.bottom, box.right, box.bottom)
    annotation[NameObject("/QuadPoints")] = ArrayObject(map(FloatObject, corners))
    red, green, blue = COLORS[mark.kind]
    drawn = f"/M gs {red} {green} {blue} rg 0 0 {shown.right - shown.left:.2f} {shown.top - shown.bottom:.2f} re f"
    _draw(writer, sheet, annotation, shown, drawn)
    writer.add_annotation(sheet.index, annotation)


def _note(writer: Any, sheet: Sheet, shown: Box, text: str, color: tuple[float, float, float]) -> None:
    from pypdf.generic import NameObject, NumberObject

    annotation = _annotation("/Text", sheet.placed(shown), text, color)
    annotation[NameObject("/Name")] = NameObject("/Comment")
    annotation[NameObject("/F")] = NumberObject(28)  # print, no zoom, no rotation
    writer.add_annotation(sheet.index, annotation)


def _sign(writer: Any, sheet: Sheet, shown: Box, sign: str) -> None:
    """A small letter behind the upper edge of a figure."""
    from pypdf.generic import NameObject, TextStringObject

    size = max(min((shown.top - shown.bottom) * 0.6, 7.0), 3.5)
    place = Box(shown.right + 0.5, shown.top - size, shown.right + 1 + size * 0.75 * len(sign), shown.top + 1)
    annotation = _annotation("/FreeText", sheet.placed(place), sign, SIGN)
    annotation[NameObject("/DA")] = TextStringObject(f"/Helv {size:.1f} Tf {SIGN[0]} {SIGN[1]} {SIGN[2]} rg")
    drawn = f"BT /Helv {size:.1f} Tf {SIGN[0]} {SIGN[1]} {SIGN[2]} rg 0.3 1 Td ({sign}) Tj ET"
    _draw(writer, sheet, annotation, place, drawn)
    writer.add_annotation(sheet.index, annotation)


def _annotation(kind: str, box: Box, text: str, color: tuple[float, float, float], name: str = "") -> Any:
    from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, TextStringObject

    made = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject(kind),
            NameObject("/Rect"): ArrayObject(map(FloatObject, (box.left, box.bottom, box.right, box.top))),
            NameObject("/Contents"): TextStringObject(text),
            NameObject("/C"): ArrayObject(map(FloatObject, color)),
            NameObject("/T"): TextStringObject(AUTHOR),
            NameObject("/F"): NumberObject(4),
        }
    )
    if name:
        made[NameObject("/Subj")] = TextStringObject(name)
    return made


def _draw(writer: Any, sheet: Sheet, annotation: Any, box: Box, content: str) -> None:
    """Give an annotation its looks, so that every program shows it alike."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject

    name = NameObject
    multiply = DictionaryObject({name("/Type"): name("/ExtGState"), name("/BM"): name("/Multiply")})
    font = DictionaryObject(
        {name("/Type"): name("/Font"), name("/Subtype"): name("/Type1"), name("/BaseFont"): name("/Helvetica-Bold")}
    )
    stream = DecodedStreamObject()
    stream.set_data(content.encode("ascii"))
    stream.update(
        {
            name("/Type"): name("/XObject"),
            name("/Subtype"): name("/Form"),
            name("/BBox"): ArrayObject(map(FloatObject, (0, 0, box.right - box.left, box.top - box.bottom))),
            name("/Matrix"): ArrayObject(map(FloatObject, (*TURNS[sheet.turned], 0, 0))),
            name("/Resources"): DictionaryObject(
                {
                    name("/ExtGState"): DictionaryObject({name("/M"): multiply}),
                    name("/Font"): DictionaryObject({name("/Helv"): font}),
                }
            ),
        }
    )
    annotation[name("/AP")] = DictionaryObject({name("/N"): writer._add_object(stream)})
