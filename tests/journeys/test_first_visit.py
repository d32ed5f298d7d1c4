"""The first visit: few files, which work as their many sources would."""

from collections.abc import Callable
from typing import Any

from core.bundling import bundle_scripts
from tests.stack import Stack

MODULES = {
    "plain.js": "var shared = 1;",
    "app.js": (
        'import { say, times as count } from "./a.js";\nimport "./b.js";\nsay("app", count, shared);\n'
        'globalThis.late = () => import("./late/c.js").then(({ late }) => late());\n'
    ),
    "a.js": (
        "/* Says. */\nexport const times = 2;\n\n"
        'export function say(...words) {\n  /* inside */\n  out.push(words.join(" "));\n}\nsay("a");\n'
    ),
    "b.js": 'import { say } from "./a.js";\nconst times = "own";\nsay("b", times);\n',
    "late/c.js": (
        'import Third from "../third.mjs";\nimport { say } from "../a.js";\nsay("c");\n'
        "export async function late() {\n  say(new Third().name);\n}\n"
    ),
    "third.mjs": 'var T=class{name="three"};out.push("third");export{T as default};\n//# sourceMappingURL=t.map\n',
}


def test_modules_run_once_in_the_order_of_their_imports(chromium: Any) -> None:
    page = chromium.new_page()
    page.evaluate("globalThis.out = []")

    page.add_script_tag(content=bundle_scripts(("plain.js",), "app.js", MODULES.__getitem__))
    at_once = page.evaluate("out.splice(0)")
    later = page.evaluate("late().then(late).then(() => out)")

    page.close()
    assert at_once == ["a", "b own", "app 2 1"]
    assert later == ["third", "c", "three", "three"], "what is imported later runs then, and once"


def test_a_ticket_loads_four_files_and_then_none(stack: Stack, open_as: Callable[[str], Any]) -> None:
    context = open_as("ada@acme.example").context
    first, second = context.new_page(), context.new_page()
    loaded: list[list[tuple[str, int]]] = []
    faults: list[str] = []
    for page in (first, second):
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)

    for page in (first, second):
        page.goto("/acme/tickets/1/")
        page.locator("[data-editor-surface]:not([hidden])").first.wait_for(state="attached")
        entries = "performance.getEntriesByType('resource').map((one) => [one.name, one.transferSize])"
        loaded.append([(name, size) for name, size in page.evaluate(entries) if "/static/" in name])

    assert len(loaded[0]) == len(loaded[1]) == 4
    assert {size for _, size in loaded[1]} == {0}, "what was loaded is kept"
    assert faults == []
