"""Print the size of the code: lines, modules, expressions, constants, comments, docstrings.

    python benchmarks/size.py [FOLDER]        # budgetaudit/ of this clone unless given

Counted over the syntax tree, so that a string that looks like code is no code. Numbers are numeric literals other than
-1, 0, 1, 2, 10 and 100, which rarely decide anything; "settled" are those that stand in a settings object or a named constant.
"""

from __future__ import annotations

import argparse
import ast
import io
import statistics
import tokenize
from collections.abc import Iterator
from pathlib import Path

PLAIN = {0, 1, 2, 10, 100}
MATCHERS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}


def main() -> None:
    """Measure one package and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent.parent / "budgetaudit")
    folder = parser.parse_args().folder
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))}
    trees = {path: ast.parse(source) for path, source in sources.items()}
    lines = {path: source.count("\n") for path, source in sources.items()}
    largest = max(lines, key=lambda path: lines[path])
    comments = sum(map(comment_lines, sources.values()))
    docstrings = [text for tree in trees.values() for text in docstrings_of(tree)]
    named, loose = zip(*(numbers(tree) for tree in trees.values()), strict=True)
    print(f"lines                     {sum(lines.values()):>7,}")
    print(f"modules                   {len(lines):>7,}")
    print(f"median lines              {statistics.median(lines.values()):>7.0f}")
    print(f"largest                   {lines[largest]:>7,}  {largest.relative_to(folder)}")
    print(f"modules over 400 lines    {sum(count > 400 for count in lines.values()):>7,}")
    print(f"regular expressions       {sum(expressions(tree) for tree in trees.values()):>7,}")
    print(f"numbers, settled          {sum(named):>7,}")
    print(f"numbers, loose            {sum(loose):>7,}")
    print(f"docstrings                {len(docstrings):>7,}")
    print(f"docstrings with Whether   {sum(text.startswith('Whether') for text in docstrings):>7,}")
    print(f"comment lines             {comments:>7,}  {comments / sum(lines.values()):.1%}")


def docstrings_of(tree: ast.Module) -> Iterator[str]:
    """Every docstring of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield text


def comment_lines(source: str) -> int:
    """Lines with a comment; pragmas for tools are not counted."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    found = {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}
    return sum(not text.startswith(("# noqa", "# type:", "# pragma")) for text in found.values())


def expressions(tree: ast.Module) -> int:
    """Regular expressions: calls of a function of `re`."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    functions = (call for call in calls if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name))
    return sum(call.value.id == "re" and call.attr in MATCHERS for call in functions)


def numbers(tree: ast.Module) -> tuple[int, int]:
    """Numeric literals that stand under a name of their own (constant, default of a settings class), and the rest."""
    settled = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef):
            continue
        for statement in node.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                settled |= {id(inner) for inner in ast.walk(statement.value) if isinstance(inner, ast.Constant)}
    literals = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in PLAIN
    ]
    inside = sum(id(node) in settled for node in literals)
    return inside, len(literals) - inside


if __name__ == "__main__":
    main()
