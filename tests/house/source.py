"""The product's own files, read as text and as syntax trees."""

import ast
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    *("core", "accounts", "files", "jobs", "events", "customers", "integrations", "tickets", "channels", "reports"),
    "helpdesk",
)
PRODUCT = (*APPS, "demo", "bench")


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Python files below the folders, migrations aside."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(path for path in found if "migrations" not in path.parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes(*folders: str) -> tuple[tuple[Path, ast.AST], ...]:
    """Every node of every file below the folders."""
    return tuple((path, node) for path in python_files(*folders) for node in ast.walk(tree_of(path)))


def where(path: Path, node: ast.AST | None = None) -> str:
    """file:line, as editors open it."""
    line = getattr(node, "lineno", 0)
    name = str(path.relative_to(ROOT))
    return f"{name}:{line}" if line else name


@cache
def tracked_files() -> tuple[Path, ...]:
    """What git keeps or would keep: everything that is not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def expect_none(offenders: Iterable[object], instead: str = "") -> None:
    """Fail with every offender on a line of its own, and with what to do instead."""
    lines = [str(one) for one in offenders]
    assert not lines, "\n  ".join([instead or "offenders:", *lines])
