"""Mutated files for every reader: each must end in a document or in one refusal, soon and in little memory.

usage: python benchmarks/fuzz_readers.py [--folder DIR]... [--count N] [--seed N] [--format NAME]...

Takes the sound files of the tests and those of the folders as seeds, changes them (flipped bits, cut ends, lost and doubled
stretches, foreign stretches, numbers set to extremes; inside archives and streams too) and reads them in a worker process.
Prints for each format: files read, refused, with something said; the slowest and the most memory; and every failure with its
seed, so that it can be made again. A file that takes over 10 seconds of processor time (or 30 by the clock, when the
worker is ended) or 1 GiB counts as a failure, and so does a loss: fewer than 95 in 100 of the numbers that a file of 20 or
more holds are read, and not a word is said of it. What a file holds is what its original does; of plain text, no more than
the mutant itself does.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
SECONDS, MEMORY = 10.0, 1 << 30
KEPT = 95  # in a hundred numbers
ENOUGH = 20  # numbers; of fewer a single one torn in two would count as a loss
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
PLAIN = {"csv", "text", "markdown", "html"}  # what is torn out of these is gone, and nothing can tell
MARKUP = re.compile(r"<!--.*?(?:-->|$)|<[/!?a-zA-Z][^>]*(?:>|$)|&#\w*;?", re.S)
EXTREMES = [b"\x00" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"\x01\x00\x00\x00", b"\xff\x0f\x00\x00"]
WORDS = [
    b"99999999",
    b"-1",
    b"65535",
    b"0",
    b"4294967296",
    b"<",
    b">",
    b'"',
    b"&lt;",
    b"&#0;",
    b"<!DOCTYPE",
    b"\xef\xbb\xbf",
    b"\t" * 50,
]
SUFFIXES = {".hwpx", ".hwp", ".docx", ".xlsx", ".xls", ".pdf", ".html", ".csv", ".tsv", ".md", ".txt"}
KINDS = {".tsv": "csv", ".md": "markdown", ".txt": "text"}
TEXT = """사업별 예산\n(단위: 백만원)\n구분\t2024\t2025\n국비\t1,000\t1,200\n시비\t△300\t400\n합계\t700\t1,600\n
총 215억원(국비 115, 도비 59, 시비 41)\n| 구분 | 금액 |\n|---|---|\n| 계 | 10 |\n<table><tr><td rowspan=2>가<td>1</table>\n"""
TRACES = ("Traceback", "Error(", "Exception", "<class", "object at")


def mutated(data: bytes, rng: random.Random, other: bytes) -> bytes:
    """A file with a few things wrong; archives and deflated streams are often changed inside."""
    if data.startswith(b"PK") and rng.random() < 0.6:
        return in_archive(data, rng, other)
    if data.startswith(b"%PDF") and rng.random() < 0.6:
        return in_pdf(data, rng, other)
    if data.startswith(b"\xd0\xcf\x11\xe0") and rng.random() < 0.6:
        return in_compound(data, rng, other)
    return torn(data, rng, other)


def torn(data: bytes, rng: random.Random, other: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        if not out:
            break
        at = rng.randrange(len(out))
        size = rng.choice((1, 4, 32, 512, max(1, len(out) // 8)))
        match rng.randrange(8):
            case 0 | 1:
                out[at] ^= 1 << rng.randrange(8)
            case 2:
                del out[at : at + size]
            case 3:
                out[at:at] = out[at : at + size]
            case 4:
                out[at : at + 4] = rng.choice(EXTREMES)
            case 5:
                out[at:at] = rng.choice(WORDS)
            case 6:
                start = rng.randrange(len(other)) if other else 0
                out[at : at + size] = other[start : start + size]
            case _:
                del out[at:]
    return bytes(out)


def in_archive(data: bytes, rng: random.Random, other: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = [name for name in source.namelist() if name.endswith((".xml", ".hpf", ".rels"))]
        chosen = set(rng.sample(names, min(len(names), rng.choice((1, 1, 2)))))
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, torn(content, rng, other) if name in chosen else content)
    return out.getvalue()


def in_compound(data: bytes, rng: random.Random, other: bytes) -> bytes:
    """Change a deflated section and put it back in place, if it still fits."""
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as storage:
        sections = [name for name in storage.listdir() if name[0] == "BodyText"]
        if not sections:
            return torn(data, rng, other)
        packed = storage.openstream(rng.choice(sections)).read()
    try:
        plain = zlib.decompressobj(-15).decompress(packed)
    except zlib.error:
        return torn(data, rng, other)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    changed = packer.compress(torn(plain, rng, other)) + packer.flush()
    at = data.find(packed[:64])
    return (
        data[:at] + changed[: len(packed)].ljust(len(packed), b"\0") + data[at + len(packed) :]
        if at > 0
        else torn(data, rng, other)
    )


def in_pdf(data: bytes, rng: random.Random, other: bytes) -> bytes:
    """Change one content stream, stored without its filter."""
    starts = [at for at in range(len(data)) if data.startswith(b"stream", at) and not data.startswith(b"end", at - 3)]
    if not starts:
        return torn(data, rng, other)
    start = data.index(b"\n", rng.choice(starts)) + 1
    end = data.find(b"endstream", start)
    try:
        plain = zlib.decompress(data[start:end])
        return data[:start] + zlib.compress(torn(plain, rng, other)) + data[end:]
    except zlib.error:
        return data[:start] + torn(data[start:end], rng, other) + data[end:]


# --- the worker ----------------------------------------------------------------------------------


def work() -> None:
    """Read the files named on standard input, one a line; say on standard output how each one ended."""
    import resource

    from budgetaudit.messages import LANGUAGES, say
    from budgetaudit.model import ReadError
    from budgetaudit.readers import read

    for line in sys.stdin:
        start = sum(os.times()[:4])
        messages, held = [], 0
        try:
            document = read(line.strip())
            held = sum(map(numbers, texts_of(document)))
            messages = [problem.message for problem in document.problems]
            end = "said" if document.problems else "read"
        except ReadError as fault:
            messages, end = [fault.message], "refused"
        except BaseException as fault:
            end = f"failed: {type(fault).__name__}: {fault}"[:300]
        texts = [say(message, lang) for message in messages[:50] for lang in LANGUAGES]
        if any(trace in text or "\n" in text for text in texts for trace in TRACES):
            end = f"failed: {texts}"[:300]
        used = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * 1024
        print(json.dumps([end, sum(os.times()[:4]) - start, used, held]), flush=True)


def texts_of(document: Any) -> Iterator[str]:
    """All that was read of a document."""
    from budgetaudit.model import Grid

    for block in document.blocks:
        if isinstance(block, Grid):
            yield block.caption
            yield from (cell.text for cell in block.cells)
        else:
            yield block.text


def numbers(text: str) -> int:
    """How many numbers a text prints."""
    return len(NUMBER.findall(text))


def held(kind: str, data: bytes) -> int:
    """How many numbers a plain file prints, whoever reads it."""
    from budgetaudit.model import ReadError
    from budgetaudit.readers.encoding import decode

    try:
        text = decode(data).text
    except ReadError:
        return 0
    return numbers(MARKUP.sub(" ", text) if kind == "html" else text)


class Worker:
    """A process that reads files one after the other; ended and started anew when it overruns."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        command = [sys.executable, __file__, "--work"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def read(self, path: Path) -> tuple[str, float, int, int]:
        import select

        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], 3 * SECONDS)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.process.kill()
            code = self.process.wait()
            self.start()
            return (f"failed: ended with {code}" if ready else "failed: hung"), 3 * SECONDS, 0, 0
        end, seconds, memory, count = json.loads(line)
        if seconds > SECONDS:
            end = f"failed: took {seconds:.1f} s ({end})"
        if memory > MEMORY:
            end = f"failed: took {memory >> 20} MiB ({end})"
        return end, seconds, memory, count


def fuller() -> Iterator[tuple[str, bytes]]:
    """A document of two tables in every format."""
    from tests import office_files as office

    head = ["사업", "국비", "도비", "시비", "계"]
    body = [[f"사업{n}", f"{n * 1117:,}", f"{n * 31:,}", f"{n * 7:,}", f"{n * 1155:,}"] for n in range(1, 13)]
    table = [head, *body]
    text = "총 215억원(국비 115, 도비 59, 시비 41)"
    part = office.hp(text) + office.hp(office.hp_table(*table, caption="(단위: 천원)"))
    items = '<opf:item id="a" href="Contents/section0.xml"/><opf:item id="b" href="Contents/section1.xml"/>'
    spine = '<opf:itemref idref="a"/><opf:itemref idref="b"/>'
    package = f'<opf:package xmlns:opf="o"><opf:manifest>{items}</opf:manifest><opf:spine>{spine}</opf:spine></opf:package>'
    yield "hwpx", office.hwpx(part, part, **{"Contents/content.hpf": package})
    cells = [(row, column, text) for row, texts in enumerate(table) for column, text in enumerate(texts)]
    stored = office.hwp_para(text) + office.hwp_para(office.anchor(11, b"tbl "), controls=[office.hwp_table(cells, (13, 5))])
    yield "hwp", office.hwp(stored, stored)
    yield "docx", office.docx(office.wp(text) + office.wt(*table) + office.wp("끝") + office.wt(*table))
    digits = [(n, c, float(value.replace(",", ""))) for n, row in enumerate(body, 1) for c, value in enumerate(row[1:], 1)]
    texts = [office.xls_text(0, column, text) for column, text in enumerate(head)]
    texts += [office.xls_text(n, 0, row[0]) for n, row in enumerate(body, 1)]
    yield "xls", office.xls([*texts, *(office.xls_number(*one) for one in digits)])
    ys = [float(700 - 20 * n) for n in range(14)]
    page = office.ruled([60, 160, 240, 320, 400, 500], ys)
    page += "".join(
        office.say(65 + 85 * c, ys[n] - 14, t if c else f"P{n}") for n, row in enumerate(body) for c, t in enumerate(row)
    )
    yield "pdf", office.pdf(page, page)
    tags = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in table)
    yield "html", f"<html><body><p>{text}</p><table>{tags}</table><p>끝</p><table>{tags}</table></body></html>".encode()
    yield "csv", ("\n".join(",".join(f'"{cell}"' for cell in row) for row in table) + "\n").encode()
    yield "text", ("\n".join("\t".join(row) for row in table) + f"\n\n{text}\n").encode()
    yield "markdown", (text + "\n\n" + "\n".join(f"| {' | '.join(r)} |" for r in [head, ["---"] * 5, *body]) + "\n").encode()
    yield "xlsx", workbook(head, digits)


def workbook(head: list[str], digits: list[tuple[int, int, float]]) -> bytes:
    """A workbook of two sheets."""
    import openpyxl

    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("둘")):
        for column, text in enumerate(head, 1):
            sheet.cell(1, column, text)
        for row, column, value in digits:
            sheet.cell(row + 1, column + 1, value)
            sheet.cell(row + 1, 1, f"사업{row}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def seeds(folders: list[Path]) -> dict[str, list[bytes]]:
    """Sound files by format: those the tests build, and the smaller ones of the folders."""
    from tests.test_readers_office_hostile import SOUND

    found: dict[str, list[bytes]] = {kind: [data] for kind, data in SOUND.items()}
    found["text"] = [TEXT.encode(), TEXT.encode("cp949"), TEXT.encode("utf-16")]
    for kind, data in fuller():
        found.setdefault(kind, []).append(data)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES and path.stat().st_size < 700_000:
                kind = KINDS.get(path.suffix, path.suffix[1:])
                found.setdefault(kind, []).append(path.read_bytes())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, action="append", default=[])
    parser.add_argument("--count", type=int, default=200, help="mutated files for each format")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--format", action="append", default=[])
    parser.add_argument("--keep", type=Path, help="folder for the files that made a reader fail")
    options = parser.parse_args()
    worker, failures = Worker(), 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, files in sorted(seeds(options.folder).items()):
            if options.format and kind not in options.format:
                continue
            ends: Counter[str] = Counter()
            slowest, most = 0.0, 0
            everything = b"".join(files)[: 4 << 20]
            path = Path(folder) / f"x.{ {'markdown': 'md', 'text': 'txt'}.get(kind, kind) }"
            whole = []
            for data in files:
                path.write_bytes(data)
                whole.append(worker.read(path)[3])
            for number in range(options.start, options.start + options.count):
                rng = random.Random(f"{options.seed}/{kind}/{number}")
                chosen = rng.randrange(len(files))
                data = mutated(files[chosen], rng, everything)
                path.write_bytes(data)
                end, seconds, memory, found = worker.read(path)
                there = min(whole[chosen], held(kind, data)) if kind in PLAIN else whole[chosen]
                if end == "read" and there >= ENOUGH and found * 100 < there * KEPT:
                    end = f"failed: loss, {found} of {there} numbers"
                ends[end.split(":")[0]] += 1
                slowest, most = max(slowest, seconds), max(most, memory)
                if end.startswith("failed"):
                    failures += 1
                    print(f"  {kind} {options.seed}/{number}: {end}", flush=True)
                    if options.keep:
                        options.keep.mkdir(parents=True, exist_ok=True)
                        (options.keep / f"{options.seed}-{number}.{kind}").write_bytes(data)
            counts = ", ".join(f"{name} {count}" for name, count in sorted(ends.items()))
            print(f"{kind:9} {options.count} files: {counts}; slowest {slowest:.2f} s, most {most >> 20} MiB", flush=True)
    worker.process.kill()
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    work() if "--work" in sys.argv else main()
