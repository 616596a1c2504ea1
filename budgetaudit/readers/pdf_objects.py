"""What PDFium finds on a page: characters with their boxes, and the rules that are drawn.

Everything is in points from the top left of the page as it is displayed, turned so that most of its text runs to the right.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

MAX_OBJECTS = 100_000
MAX_SEGMENTS = 200_000
_MAX_DEPTH = 12
_THIN = 3.0  # points: what is no thicker is a rule
_STRAIGHT = 0.5  # points a rule may lean
_MOSTLY = 0.6  # of the characters: the direction they run in is the page's
_BLANKS = {0xA0, 0x3000, ord("|")}  # text recognised from pictures prints bars for rules
_SMALLER = 0.6  # of a character's box: the least its stated size may be to be believed
_LEAST = 0.1
_UNKNOWN = {0, 0xFFFD, 0xFFFE, 0xFFFF}


class Matrix(NamedTuple):
    """Where a form or path puts its points."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def within(self, outer: Matrix) -> Matrix:
        """This one, followed by the one around it."""
        return Matrix(
            self.a * outer.a + self.b * outer.c,
            self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c,
            self.c * outer.b + self.d * outer.d,
            self.e * outer.a + self.f * outer.c + outer.e,
            self.e * outer.b + self.f * outer.d + outer.f,
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


class Frame:
    """The page as it is displayed: from user space to points from the top left."""

    def __init__(self, page: pypdfium2.PdfPage, turn: int = 0) -> None:
        self.left, self.bottom, self.right, self.top = page.get_bbox()
        self.turn: int = (page.get_rotation() + turn) % 360
        wide, high = self.right - self.left, self.top - self.bottom
        self.width, self.height = (high, wide) if self.turn % 180 else (wide, high)

    def point(self, x: float, y: float) -> tuple[float, float]:
        match self.turn:
            case 90:
                return y - self.bottom, x - self.left
            case 180:
                return self.right - x, y - self.bottom
            case 270:
                return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what has these corners in user space."""
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def direction(self, a: float, b: float) -> int:
        """Which way text of this matrix runs as displayed: 0 to the right, 90 up, 180 to the left, 270 down."""
        return (round(math.atan2(b, a) / (math.pi / 2)) * 90 - int(self.turn)) % 360


class Char:
    """A printed character; `base` is its baseline, `run` the text object it belongs to, `at` its place in the stream.

    `along` says where it starts in the direction it runs in, `kind` with which others it shares its width: all digits of a size.
    """

    __slots__ = ("along", "at", "base", "bottom", "direction", "kind", "left", "right", "run", "size", "text", "top")

    def __init__(
        self, text: str, box: tuple[float, float, float, float], base: float, size: float, direction: int, run: int, at: int
    ) -> None:
        self.text, self.base, self.size, self.direction, self.run, self.at = text, base, size, direction, run, at
        self.left, self.top, self.right, self.bottom = box
        self.kind = (int(2 * size + 0.5), "0" if text.isdecimal() else text)
        self.along = {0: self.left, 90: -self.bottom, 180: -self.right, 270: self.top}[direction] if direction else self.left


class Text(NamedTuple):
    """The characters of a page, where in the stream blanks are printed (True) or guessed, and what had no meaning."""

    chars: list[Char]
    blanks: dict[int, bool]
    unknown: int


class _Point(NamedTuple):
    """A corner of a path as displayed; `curved` if what leads to it is no straight line."""

    x: float
    y: float
    curved: bool


class Rule(NamedTuple):
    """A straight rule: at `at` from `start` to `end`; `drawn` as a line, or only the side of a filled area."""

    at: float
    start: float
    end: float
    drawn: bool = True


class Rules(NamedTuple):
    """The rules of a page, whether there is a picture and how many curves; `cut` if not all of its objects were looked at."""

    across: list[Rule]
    upright: list[Rule]
    pictures: bool
    curves: int
    cut: bool


def text(page: pypdfium2.PdfPage) -> tuple[Frame, Text]:
    """The page's text in the frame in which most of it runs to the right."""
    textpage = page.get_textpage()
    try:
        frame = Frame(page)
        found = _text(textpage, frame)
        ways = Counter(char.direction for char in found.chars)
        way, count = ways.most_common(1)[0] if ways else (0, 0)
        if way and count > _MOSTLY * len(found.chars):
            frame = Frame(page, way)
            found = _text(textpage, frame)
        return frame, found
    finally:
        textpage.close()


def _function(name: str, result: Any, *arguments: Any) -> Any:
    """A function of the library called with plain addresses: a page has thousands of characters, each asked several times."""
    address = ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address or 0)


_code = _function("FPDFText_GetUnicode", ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)
_box = _function("FPDFText_GetLooseCharBox", ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_owner = _function("FPDFText_GetTextObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_origin = _function(
    "FPDFText_GetCharOrigin", ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p
)  # fmt: skip
_generated = _function("FPDFText_IsGenerated", ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_char_matrix = _function("FPDFText_GetMatrix", ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_font_size = _function("FPDFText_GetFontSize", ctypes.c_double, ctypes.c_void_p, ctypes.c_int)


class _Run(NamedTuple):
    """What all characters of a text object share."""

    direction: int
    base: float
    size: float  # as stated, which is wrong for some fonts


def _text(textpage: pypdfium2.PdfTextPage, frame: Frame) -> Text:
    raw = textpage.raw
    page = ctypes.cast(raw, ctypes.c_void_p).value
    rect = (ctypes.c_float * 4)()
    rect_at = ctypes.addressof(rect)
    turned, origin = (ctypes.c_float * 6)(), (ctypes.c_double * 2)()
    shift_x, shift_y, upright = frame.left, frame.top, frame.turn == 0
    chars: list[Char] = []
    blanks: dict[int, bool] = {}
    runs: dict[int, _Run] = {}
    unknown = high = 0
    for at in range(pdfium.FPDFText_CountChars(raw)):
        code = _code(page, at)
        if (code <= 32 and code not in _UNKNOWN) or code in _BLANKS:
            blanks[at + 1] = _generated(page, at) != 1
            continue
        if 0xD800 <= code < 0xE000:
            if code < 0xDC00:
                high = code
                continue
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0
        high = 0
        if code in _UNKNOWN:
            unknown += 1
            code = 0xFFFD
        if not _box(page, at, rect_at):
            continue
        left, top, right, bottom = rect
        owner = _owner(page, at) or 0
        run = runs.get(owner)
        if run is None:
            run = runs[owner] = _run(page, at, frame, turned, origin)
        direction, base, stated = run
        if upright and not direction:
            box = left - shift_x, shift_y - top, right - shift_x, shift_y - bottom
            size = top - bottom
        else:
            box = frame.box(left, bottom, right, top)
            size = box[2] - box[0] if direction % 180 else box[3] - box[1]
        if size < _LEAST:
            size = _LEAST
        if _SMALLER * size < stated < size / _SMALLER:
            size = stated
        chars.append(Char(chr(code), box, base, size, direction, owner, at))
    return Text(chars, blanks, unknown)


def _run(page: int | None, at: int, frame: Frame, turned: Any, origin: Any) -> _Run:
    """What the text object of a character has in common; `turned` and `origin` take what the library answers."""
    _char_matrix(page, at, ctypes.addressof(turned))
    place = ctypes.addressof(origin)
    _origin(page, at, place, place + 8)
    a, b, c, d, *_ = turned
    direction = frame.direction(a, b)
    x, y = frame.point(*origin)
    return _Run(direction, x if direction % 180 else y, _font_size(page, at) * math.hypot(c, d))


def rules(page: pypdfium2.PdfPage, frame: Frame) -> Rules:
    """The rules drawn on the page, forms included."""
    walk = _Walk(frame)
    walk.objects(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, Matrix(), 0)
    return Rules(walk.across, walk.upright, walk.pictures, walk.curves, walk.objects_left <= 0 or walk.segments_left <= 0)


class _Walk:
    """One way through the objects of a page."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.across: list[Rule] = []
        self.upright: list[Rule] = []
        self.pictures = False
        self.curves = 0
        self.objects_left, self.segments_left = MAX_OBJECTS, MAX_SEGMENTS

    def objects(self, holder: Any, count: Any, get: Any, outer: Matrix, depth: int) -> None:
        for number in range(max(count(holder), 0)):
            self.objects_left -= 1
            if self.objects_left <= 0 or self.segments_left <= 0:
                return
            one = get(holder, number)
            kind = pdfium.FPDFPageObj_GetType(one)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(one, outer)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self.pictures = True
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                inner = _matrix(one).within(outer)
                self.objects(one, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, inner, depth + 1)

    def _path(self, path: Any, outer: Matrix) -> None:
        mode, stroked = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(path, mode, stroked)
        filled = mode.value != pdfium.FPDF_FILLMODE_NONE
        if not (filled or stroked.value):
            return
        matrix = _matrix(path).within(outer)
        if not all(map(math.isfinite, matrix)):
            return
        white: bool | None = None
        for points in self._subpaths(path, matrix):
            xs, ys = [point.x for point in points], [point.y for point in points]
            self.curves += any(point.curved for point in points)
            left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
            if bottom - top <= _THIN or right - left <= _THIN:
                if filled and not stroked.value:
                    white = _is_white(path) if white is None else white
                    if white:
                        continue
                self._thin(left, top, right, bottom)
            elif stroked.value:
                self._sides(points)
            elif len(points) <= 6 and not any(point.curved for point in points):
                white = _is_white(path) if white is None else white
                if not white:
                    self._sides([*points, points[0]], drawn=False)

    def _subpaths(self, path: Any, matrix: Matrix) -> Iterator[list[_Point]]:
        x, y = ctypes.c_float(), ctypes.c_float()
        points: list[_Point] = []
        for number in range(max(pdfium.FPDFPath_CountSegments(path), 0)):
            self.segments_left -= 1
            if self.segments_left <= 0:
                break
            segment = pdfium.FPDFPath_GetPathSegment(path, number)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                if len(points) > 1:
                    yield points
                points = []
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            place = self.frame.point(*matrix.point(x.value, y.value))
            if all(map(math.isfinite, place)):
                points.append(_Point(*place, kind == pdfium.FPDF_SEGMENT_BEZIERTO))
                if pdfium.FPDFPathSegment_GetClose(segment):
                    points.append(_Point(points[0].x, points[0].y, False))
        if len(points) > 1:
            yield points

    def _thin(self, left: float, top: float, right: float, bottom: float) -> None:
        if right - left >= bottom - top:
            self._add(self.across, (top + bottom) / 2, left, right, self.frame.width, self.frame.height, True)
        else:
            self._add(self.upright, (left + right) / 2, top, bottom, self.frame.height, self.frame.width, True)

    def _sides(self, points: list[_Point], drawn: bool = True) -> None:
        for (x0, y0, _), (x1, y1, curved) in pairwise(points):
            if curved:
                continue
            if abs(y1 - y0) <= _STRAIGHT:
                self._add(self.across, (y0 + y1) / 2, min(x0, x1), max(x0, x1), self.frame.width, self.frame.height, drawn)
            elif abs(x1 - x0) <= _STRAIGHT:
                self._add(self.upright, (x0 + x1) / 2, min(y0, y1), max(y0, y1), self.frame.height, self.frame.width, drawn)

    @staticmethod
    def _add(rules: list[Rule], at: float, start: float, end: float, long: float, wide: float, drawn: bool) -> None:
        """A rule as far as it lies on the page."""
        if -_THIN <= at <= wide + _THIN and start <= long and end >= 0:
            rules.append(Rule(at, max(start, 0.0), min(end, long), drawn))


def _matrix(one: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(one, matrix)
    return Matrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _is_white(path: Any) -> bool:
    """True if a filled area is not to be seen."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(path, red, green, blue, alpha):
        return False
    return alpha.value == 0 or min(red.value, green.value, blue.value) >= 250
