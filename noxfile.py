"""The verbs of the house: `nox` runs what CI runs, `nox -s tests` one of them, `nox -l` lists them.

They run in the environment that nox stands in (CONTRIBUTING.md, "Set up"), so none waits for an installation.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import nox

nox.options.sessions = ["lint", "types", "wheel", "tests", "nightly"]
nox.options.default_venv_backend = "none"


@nox.session
def lint(session: nox.Session) -> None:
    """Lint and check the format; `nox -s lint -- --fix` mends both."""
    fix = "--fix" in session.posargs
    session.run("ruff", "check", *(["--fix"] if fix else []), ".")
    session.run("ruff", "format", *([] if fix else ["--check"]), ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    session.run("mypy")


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the wheel, install it elsewhere and run it there: its rules must be found."""
    with tempfile.TemporaryDirectory() as folder:
        session.run("python", "-m", "build", "--wheel", "--outdir", folder, ".", silent=True)
        (built,) = Path(folder).glob("*.whl")
        session.run("python", "-m", "pytest", "tests/test_installed.py", env={"BUDGETAUDIT_WHEEL": str(built)})


@nox.session
def tests(session: nox.Session) -> None:
    """Run the suite on all processors: the command of the README."""
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)


@nox.session
def nightly(session: nox.Session) -> None:
    """Search every property for long, and run what takes too long for every run."""
    longer = ("--hypothesis-profile=nightly", "-m", "property or nightly")
    session.run("python", "-m", "pytest", "-n", "auto", *longer, *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Measure which lines of the package the suite runs."""
    data = Path(__file__).with_name(".coverage")  # wherever a test runs the command: its own folder stays as it was
    measured = ("--cov", "--cov-report=term:skip-covered")
    session.run("python", "-m", "pytest", "-n", "auto", *measured, *session.posargs, env={"COVERAGE_FILE": str(data)})


@nox.session
def generate(session: nox.Session) -> None:
    """Write what is generated: catalogue, schema, pages of rules, public API."""
    session.run("python", "scripts/generate.py")
