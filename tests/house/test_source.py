"""The product's source: sizes, names, sentences, and words that may stand in one place only."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import APPS, PRODUCT, ROOT, expect_none, nodes, python_files, tracked_files, tree_of, where

FILE_LINES, TEST_LINES, FUNCTION_LINES = 300, 600, 50
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "managers", "base_service"}
Function = ast.FunctionDef | ast.AsyncFunctionDef

MACHINES = re.compile(
    r"(?<![\w.~-])(?<!:number>)/(?:work|farm|root|Users|home/[a-z])(?:/|\b(?=/))"
    r"|py[p]i\.org|files\.python[h]osted|registry\.npm[j]s|npmmirror|artifactory|devpi"
)
TEXTS = {".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".html", ".css", ".js", ".json", ".sh", ".sql", ".graphql", ""}


def is_view(path: Path) -> bool:
    return "views" in path.parts or path.name == "views.py"


def lines_of(*folders: str) -> Iterator[tuple[str, str]]:
    """(file:line, text) of every line but those of this file, which speaks of what it forbids."""
    for path in python_files(*folders):
        if path != Path(__file__):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                yield f"{where(path)}:{number}", line


def functions(*folders: str) -> Iterator[tuple[Path, Function]]:
    for path, node in nodes(*folders):
        if isinstance(node, Function):
            yield path, node


def test_files_are_short() -> None:
    limits = {**dict.fromkeys(python_files(*PRODUCT), FILE_LINES), **dict.fromkeys(python_files("tests"), TEST_LINES)}
    counts = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in limits}

    expect_none([f"{where(path)} has {counts[path]} lines" for path in limits if counts[path] > limits[path]])


def test_functions_are_short() -> None:
    long = [
        f"{where(path, node)} {node.name} has {length} lines"
        for path, node in functions(*PRODUCT, "tests")
        if (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ]

    expect_none(long)


def test_modules_begin_with_a_sentence() -> None:
    silent = []
    for path in python_files(*PRODUCT, "tests"):
        text = path.read_text(encoding="utf-8")
        said = ast.get_docstring(tree_of(path)) or ""
        if text.strip() and not said.split("\n\n")[0].rstrip().endswith((".", ":", "`")):
            silent.append(where(path))

    expect_none(silent, "a module's docstring begins with a sentence that ends")


def test_names_say_what_is_inside() -> None:
    wrong = [where(path) for path in python_files(*PRODUCT, "tests") if path.stem in FORBIDDEN_NAMES]
    wrong += [where(path) for path in python_files(*PRODUCT, "tests") if FORBIDDEN_NAMES & set(path.parts[-2:-1])]

    expect_none(wrong)


def test_kinds_are_compared_in_registries_only() -> None:
    """Ask the adapter what it can do; who compares its kind must be found again for each new vendor."""
    wrong = [where(path, node) for path, node in nodes(*APPS) if _compares_kind(node) and path.stem != "registry"]
    in_templates = re.compile(r"\{%-?\s*(?:el)?if\b[^%]*\.kind\s*(?:==|!=|in\b)")
    for path in (ROOT / "templates").rglob("*.html"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if in_templates.search(line):
                wrong.append(f"{where(path)}:{number}")

    expect_none(wrong)


def _compares_kind(node: ast.AST) -> bool:
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
        return False
    return any(isinstance(side, ast.Attribute) and side.attr == "kind" for side in (node.left, *node.comparators))


def test_views_and_tags_do_not_query() -> None:
    wrong = [
        where(path, node)
        for path, node in nodes(*APPS)
        if (is_view(path) or "templatetags" in path.parts)
        and isinstance(node, ast.Attribute)
        and node.attr == "objects"
    ]

    expect_none(wrong, "ask access, a filter or a service")


def test_no_exception_is_swallowed() -> None:
    wrong = [
        where(path, node)
        for path, node in nodes(*PRODUCT)
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _says_nothing(path, node))
    ]

    expect_none(wrong, "name the exception, and say why nothing is done about it")


def _says_nothing(path: Path, handler: ast.ExceptHandler) -> bool:
    """Only `pass`, without a comment beside it."""
    only = handler.body[0]
    line = path.read_text(encoding="utf-8").splitlines()[only.lineno - 1]
    return len(handler.body) == 1 and isinstance(only, ast.Pass) and "#" not in line


def test_unnamed_arguments_are_tails_of_tasks_only() -> None:
    """`**_` of a task, what Django hands to a command or a field, and what a decorator passes on."""
    wrong = [
        where(path, node)
        for path, node in functions(*APPS)
        if node.args.kwarg
        and node.args.kwarg.arg not in {"_", "options"}
        and "P.kwargs" not in ast.dump(node.args.kwarg)
        and not _passes_on(node)
    ]

    expect_none(wrong)


def _passes_on(node: Function) -> bool:
    """Whether the function hands its unnamed arguments on untouched, as an override does."""
    name = node.args.kwarg.arg if node.args.kwarg else ""
    uses = [one for one in ast.walk(node) if isinstance(one, ast.Name) and one.id == name]
    handed = [
        key.value
        for one in ast.walk(node)
        if isinstance(one, ast.Call)
        for key in one.keywords
        if key.arg is None and isinstance(key.value, ast.Name)
    ]
    return bool(uses) and all(use in handed for use in uses)


def test_comments_are_neither_banners_nor_promises() -> None:
    banner = re.compile(r"^\s*#\s*[-=#*~]{4,}")
    promise = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")
    expect_none(spot for spot, line in lines_of(*PRODUCT, "tests") if banner.search(line) or promise.search(line))


def test_lint_exceptions_say_why() -> None:
    """`# noqa: RULE  because …`, on the same line."""
    bare = re.compile(r"#\s*(noqa(:\s*[A-Z0-9, ]+)?|type:\s*ignore(\[[\w, -]+\])?)\s*$")
    expect_none(spot for spot, line in lines_of(*PRODUCT) if bare.search(line))


def test_environment_is_read_in_one_place() -> None:
    """Settings of the product come from env.py; what starts processes hands the environment on."""
    starters = ("manage.py", "helpdesk/env.py", "helpdesk/asgi.py", "helpdesk/celery.py", "helpdesk/running.py")
    wrong = [
        where(path, node)
        for path, node in nodes(*APPS)
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and str(path.relative_to(ROOT)) not in starters
        and "embedded" not in path.parts
    ]

    expect_none(wrong)


def test_debug_is_asked_for_in_settings_only() -> None:
    wrong = [
        where(path, node)
        for path, node in nodes(*APPS)
        if isinstance(node, ast.Attribute) and node.attr == "DEBUG" and path.name != "settings.py"
    ]

    expect_none(wrong)


def test_nothing_names_a_machine_or_a_package_index() -> None:
    wrong = []
    for path in tracked_files():
        if path.suffix in TEXTS and path.stat().st_size < 2_000_000 and path != Path(__file__):
            text = path.read_text(encoding="utf-8", errors="replace")
            wrong += [f"{where(path)}: {found[0]}" for found in MACHINES.finditer(text)]

    expect_none(wrong)


def test_american_spelling() -> None:
    british = re.compile(
        r"\b(?:colou?r(?=ise)|colour|behaviour|favour|honour|organis|normalis|synchronis|recognis|authoris|initialis|"
        r"customis|serialis|catalogue|cancell?ation fee|licence|centre|grey(?=ed)|analys(?:e|ing)d?\b)\w*",
        re.IGNORECASE,
    )
    wrong = [
        f"{where(path)}:{number} {found[0]}"
        for path in tracked_files()
        if path.suffix in {".py", ".html", ".md", ".css", ".js"}
        and "vendor" not in path.parts
        and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if (found := british.search(line))
    ]

    expect_none(wrong)
