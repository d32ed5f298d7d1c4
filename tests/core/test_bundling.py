"""Small sources become one stylesheet and one script that say the same."""

from collections.abc import Callable

import pytest
from django.conf import settings

from core.bundling import CannotBundle, bundle_scripts, bundle_styles, shorten
from core.static import PLAIN_SCRIPTS, SCRIPTS, STYLES

SOURCES = settings.BASE_DIR / "static"


def reader(files: dict[str, str]) -> Callable[[str], str]:
    return files.__getitem__


def reached(entry: str) -> set[str]:
    """The sources that are asked for when `entry` is bundled."""
    asked = []

    def read(path: str) -> str:
        asked.append(path)
        return (SOURCES / path).read_text(encoding="utf-8")

    if entry == STYLES:
        bundle_styles(entry, read)
    else:
        bundle_scripts((), entry, read)
    assert len(asked) == len(set(asked)), "something is imported twice"
    return set(asked)


@pytest.mark.parametrize(("entry", "folder", "kind"), [(STYLES, "css", "css"), (SCRIPTS, "js", "js")])
def test_every_source_of_ours_is_in_the_bundle(entry: str, folder: str, kind: str) -> None:
    ours = {str(path.relative_to(SOURCES)) for path in (SOURCES / folder).rglob(f"*.{kind}")}

    assert ours - reached(entry) - {"js/theme-early.js"} == set()


def test_styles_keep_their_order_and_layers() -> None:
    files = {
        "css/app.css": (
            '/* All. */\n@layer a, b;\n\n@import url("one.css") layer(b);\n@import url("x/two.css") layer(a);\n'
        ),
        "css/one.css": "/* One. */\np {\n  margin: 0;\n}\n",
        "css/x/two.css": 'p::after {\n  content: "/* kept */";\n}\n',
    }

    bundled = bundle_styles("css/app.css", reader(files))

    assert bundled == (
        '@layer a, b;\n\n@layer b {\np {\nmargin: 0;\n}\n}\n@layer a {\np::after {\ncontent: "/* kept */";\n}\n}\n'
    )


@pytest.mark.parametrize("text", ['@import url("two.css");', 'p { background: url("dot.svg"); }'])
def test_styles_that_would_change_their_meaning_are_refused(text: str) -> None:
    files = {"app.css": '@import url("one.css") layer(a);\n', "one.css": text}

    with pytest.raises(CannotBundle, match=r"one\.css"):
        bundle_styles("app.css", reader(files))


MODULE = "export const say = 1;\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('import * as all from "./a.js";', "import"),
        ('import { missing } from "./a.js";', "does not export missing"),
        ('export * from "./a.js";', "export"),
        ("export let counter = 0;", "export"),
        ('const one = import(`./${"a"}.js`);', "import"),
        ("console.log(import.meta.url);", "import.meta"),
        ('import { say } from "./app.js";', "imports itself"),
    ],
)
def test_modules_that_are_not_understood_are_refused(text: str, reason: str) -> None:
    files = {"app.js": f'import "./odd.js";\n{MODULE}', "a.js": MODULE, "odd.js": text}

    with pytest.raises(CannotBundle, match=reason):
        bundle_scripts((), "app.js", reader(files))


def test_only_comments_on_lines_of_their_own_are_dropped() -> None:
    text = '/* gone\n   too */\nconst a = "/* kept */"; /* kept */\n  /* gone */\n/* kept */ a();\n'

    assert shorten(text) == 'const a = "/* kept */"; /* kept */\n/* kept */ a();\n'


def test_texts_over_several_lines_keep_their_indentation() -> None:
    text = "const a = `one\n  two`;\n"

    assert shorten(text) == text


def test_the_scripts_of_others_come_as_they_are() -> None:
    def read(path: str) -> str:
        return (SOURCES / path).read_text(encoding="utf-8")

    bundled = bundle_scripts(PLAIN_SCRIPTS, SCRIPTS, read)

    assert all(read(path).rstrip() in bundled for path in PLAIN_SCRIPTS)
    assert bundled.count("/*! vendor/") == len(PLAIN_SCRIPTS) + 1
