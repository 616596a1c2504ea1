"""Which small faults in a module no test notices: its mutation score, and every mutant that survives.

    python benchmarks/mutants.py relations/judge.py tests/test_judge.py tests/test_rounding.py --sample 100

Each mutant changes one operator, constant or condition of the module and runs the tests in a process of its own until one fails.
A mutant that loops is stopped after `--seconds` and counts as noticed. Numbers that decide nothing (messages) are not mutated.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


def sites(tree: ast.Module) -> list[tuple[int, int, str]]:
    """Every place that can be changed: number of the node in walking order, which part of it, what is done."""
    found = []
    ignored = [node for node in ast.walk(tree) if _silent(node)]
    ignored += [found for node in ast.walk(tree) for found in _annotations(node)]
    skipped = {id(inner) for node in ignored for inner in ast.walk(node)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Compare):
            found += [(number, at, "compare") for at, op in enumerate(node.ops) if type(op) in SWAPPED]
        elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in SWAPPED:
            found.append((number, 0, "operator"))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
            found.append((number, 0, "unary"))
        elif isinstance(node, ast.Constant) and type(node.value) in (int, bool):
            found.append((number, 0, "constant"))
        elif isinstance(node, ast.If | ast.IfExp):
            found += [(number, 0, "always"), (number, 1, "never")]
    return found


def _silent(node: ast.AST) -> bool:
    """True if a change in the node changes no behaviour: how a class is made, what a message says."""
    silent = ("dataclass", "field", "TypeVar", "Message")
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in silent


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    """The annotations of a node, which no run evaluates."""
    for name in ("annotation", "returns"):
        found = getattr(node, name, None)
        if isinstance(found, ast.AST):
            yield found


def mutated(tree: ast.Module, number: int, part: int, what: str) -> tuple[ast.Module, str]:
    """A copy of the module with one change, and the changed line."""
    tree = copy.deepcopy(tree)
    node = next(node for at, node in enumerate(ast.walk(tree)) if at == number)
    line = getattr(node, "lineno", 0)
    if isinstance(node, ast.Compare):
        node.ops[part] = SWAPPED[type(node.ops[part])]()  # type: ignore[call-overload]
    elif isinstance(node, ast.BoolOp | ast.BinOp):
        node.op = SWAPPED[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.UnaryOp):
        _replace(tree, node, node.operand)
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1
    elif isinstance(node, ast.If | ast.IfExp):
        node.test = ast.copy_location(ast.Constant(part == 0), node.test)
    return ast.fix_missing_locations(tree), f"line {line}: {what}{'' if not part else f' {part}'}"


def _replace(tree: ast.Module, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list):
                value[:] = [new if one is old else one for one in value]


class Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module of the package another syntax tree."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None

    def exec_module(self, module: object) -> None:
        exec(compile(self.tree, str(self.path), "exec"), vars(module))


def survives(name: str, path: Path, tree: ast.Module, tests: list[str], seconds: float) -> bool:
    """True if the tests pass with the changed module; they run in a child, so that nothing of it stays."""
    child = os.fork()
    if not child:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.setsid()
        sys.meta_path.insert(0, Loader(name, path, tree))
        import pytest

        os._exit(min(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests])), 100))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def chosen(tree: ast.Module, sample: int, seed: int) -> Iterator[tuple[ast.Module, str]]:
    found = sites(tree)
    if sample and sample < len(found):
        found = sorted(random.Random(seed).sample(found, sample))
    for site in found:
        yield mutated(tree, *site)


def main() -> None:
    """Run the mutants and print those that survive, then the score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module", help="path below budgetaudit/")
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants, drawn at random; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    import hypothesis  # noqa: F401 - imported once, before the children are made
    import numpy  # noqa: F401
    import pandas  # noqa: F401
    import pytest  # noqa: F401

    path = ROOT / "budgetaudit" / given.module
    name = "budgetaudit." + given.module.removesuffix(".py").replace("/", ".")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not survives(name, path, tree, given.tests, 10 * given.seconds):
        sys.exit("the tests fail without any change")
    lines = path.read_text(encoding="utf-8").splitlines()
    made = left = 0
    for changed, text in chosen(tree, given.sample, given.seed):
        made += 1
        if survives(name, path, changed, given.tests, given.seconds):
            left += 1
            number = int(text.split()[1].rstrip(":"))
            print(f"{given.module} {text}: {lines[number - 1].strip()}", flush=True)
    print(f"{given.module}: {made - left} of {made} mutants noticed, {(made - left) / max(made, 1):.1%}")


if __name__ == "__main__":
    main()
