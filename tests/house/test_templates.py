"""Templates: used, short, isolated, without markup where only includes belong, and true to the strict policy."""

import ast
import re
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import NoReverseMatch, get_resolver
from lucide import IconDoesNotExist

from core.templatetags.icon import icon
from events.kinds import all_types
from tests.house.source import APPS, ROOT, expect_none, nodes

FOLDER = ROOT / "templates"
TEMPLATES = {str(path.relative_to(FOLDER)): path.read_text(encoding="utf-8") for path in sorted(FOLDER.rglob("*.html"))}
LINES = 120
SCRIPT_LINES = 80

COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)
TAG = re.compile(r"\{%-?\s*(\w+)(.*?)-?%\}", re.DOTALL)
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# Letters of strangers stand in a frame of their own, with a policy of its own.
FRAMED = {"tickets/letter.html"}
# Django and the sign-in library ask for these by name.
ASKED_BY_OTHERS = re.compile(r"(?:403|404|429|500)\.html|account/.*|allauth/.*")


for _app in APPS:
    if (ROOT / _app / "kinds.py").exists():
        import_module(f"{_app}.kinds")  # so that every type of event is known


def names_of(kind: str) -> list[str]:
    """Templates that are partials, responses or pages, by where they stand (house §13)."""
    found = []
    for name in TEMPLATES:
        parts = name.split("/")
        if parts[0] in {"components", "account", "allauth", "emails"} or len(parts) == 1:
            continue
        own = "partial" if parts[1].startswith("_") else "response" if len(parts) > 2 else "page"
        if own == kind:
            found.append(name)
    return found


def tags(text: str) -> list[tuple[str, str]]:
    return [(found[1], found[2].strip()) for found in TAG.finditer(COMMENT.sub("", text))]


def test_every_template_compiles() -> None:
    for name in TEMPLATES:
        get_template(name)


def test_every_template_is_used() -> None:
    words = {node.value for _, node in nodes(*APPS) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    used = words | {f"events/_partials/{one.name}.html" for one in all_types()}
    for text in TEMPLATES.values():
        used |= set(re.findall(r"""["']([\w./-]+\.html)["']""", COMMENT.sub("", text)))
        used |= {f"{folder}/line.html" for folder in re.findall(r"""template_in:["']([\w/]+)["']""", text)}
    unused = [name for name in TEMPLATES if name not in used and not ASKED_BY_OTHERS.fullmatch(name)]

    expect_none(unused)


def test_every_page_of_the_library_that_is_drawn_is_served() -> None:
    served = set(get_resolver().reverse_dict) - {None}
    drawn = {name.split("/")[1].removesuffix(".html") for name in TEMPLATES if re.fullmatch(r"account/\w+\.html", name)}
    by_route = {
        "login": "account_login",
        "logout": "account_logout",
        "account_inactive": "account_inactive",
        "password_change": "account_change_password",
        "password_reset": "account_reset_password",
        "password_reset_done": "account_reset_password_done",
        "password_reset_from_key": "account_reset_password_from_key",
        "password_reset_from_key_done": "account_reset_password_from_key_done",
    }

    expect_none(sorted(drawn - set(by_route)), "nobody can get there")
    expect_none(sorted(set(by_route) - drawn), "the library's own page would show")
    expect_none([route for route in by_route.values() if route not in served])


def test_templates_are_short_and_say_what_they_are_given() -> None:
    long = [name for name, text in TEMPLATES.items() if len(text.splitlines()) > LINES]
    silent = [name for name, text in TEMPLATES.items() if not text.startswith("{# context: ")]

    expect_none(long)
    expect_none(silent)


def test_scripts_are_short() -> None:
    files = (ROOT / "static" / "js").rglob("*.js")
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}

    expect_none(f"{name} has {length} lines" for name, length in lengths.items() if length > SCRIPT_LINES)


def test_partials_are_included_alone() -> None:
    open_ = [
        f"{name}: {{% include {rest} %}}"
        for name, text in TEMPLATES.items()
        for tag, rest in tags(text)
        if tag == "include" and not rest.endswith(" only")
    ]

    expect_none(open_, "include … only: a partial must not lean on a page's context")


def test_partials_and_responses_do_not_extend() -> None:
    names = [
        *names_of("partial"),
        *names_of("response"),
        *(name for name in TEMPLATES if name.startswith("components/")),
    ]

    expect_none([name for name in names if any(tag == "extends" for tag, _ in tags(TEMPLATES[name]))])


def test_pages_extend() -> None:
    names = [name for name in names_of("page") if name not in FRAMED]
    expect_none([name for name in names if not any(tag == "extends" for tag, _ in tags(TEMPLATES[name]))])


def test_responses_only_include() -> None:
    wrong = []
    for name in names_of("response"):
        rest = re.sub(r"</?template>", "", TAG.sub("", COMMENT.sub("", TEMPLATES[name])))
        if rest.strip():
            wrong.append(f"{name}: {rest.strip()[:80]}")

    expect_none(wrong, "what changes on screen is a partial")


class Roots(HTMLParser):
    """Counts the elements that stand at the top."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.roots: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append(dict(attrs))
        if tag not in VOID:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag not in VOID


def roots_of(name: str) -> list[dict[str, str | None]]:
    parser = Roots()
    parser.feed(TAG.sub("", COMMENT.sub("", TEMPLATES[name])).replace("{{", "").replace("}}", ""))
    return parser.roots


def test_live_partials_have_one_root_with_an_id() -> None:
    """What htmx fetches and swaps is found again by its id."""
    wrong = []
    for name in names_of("partial"):
        if "data-live" in TEMPLATES[name] or "hx-swap-oob" in TEMPLATES[name]:
            roots = roots_of(name)
            if len(roots) != 1 or "id" not in roots[0]:
                wrong.append(f"{name}: {len(roots)} roots")

    expect_none(wrong)


def test_nothing_is_styled_or_scripted_in_place() -> None:
    """The strict policy would refuse it in the browser, silently."""
    inline = re.compile(
        r"<style\b|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+\s*=|\shx-on|javascript:|hx-vals='js:", re.I
    )
    wrong = [
        f"{name}: {found[0]}" for name, text in TEMPLATES.items() if (found := inline.search(COMMENT.sub("", text)))
    ]

    assert not [one for one in wrong if not one.startswith("tickets/letter.html: <style")]


def test_every_address_in_a_template_exists() -> None:
    named = {
        (name, rest.split()[0].strip("'\""))
        for name, text in TEMPLATES.items()
        for tag, rest in tags(text)
        if tag == "url" and rest[0] in "'\""
    }
    wrong = [f"{name}: {route}" for name, route in sorted(named) if not _is_route(route)]

    assert named
    expect_none(wrong)


def _is_route(route: str) -> bool:
    namespace, _, name = route.rpartition(":")
    try:
        resolver = get_resolver()
        return name in (resolver.namespace_dict[namespace][1] if namespace else resolver).reverse_dict
    except (KeyError, NoReverseMatch):
        return False


def test_every_icon_exists() -> None:
    wrong = []
    for name, text in TEMPLATES.items():
        for tag, rest in tags(text):
            if tag == "icon" and rest[0] in "'\"":
                drawn = rest.split()[0].strip("'\"")
                try:
                    icon(drawn)
                except IconDoesNotExist:
                    wrong.append(f"{name}: {drawn}")

    expect_none(wrong)


def test_the_walk_sees_what_it_should() -> None:
    """First show that it could find something."""
    assert "tickets/_partials/row.html" in names_of("partial")
    assert "tickets/closing/closed.html" in names_of("response")
    assert "tickets/show.html" in names_of("page")
    with pytest.raises(IconDoesNotExist):
        icon("no-such-icon")
    assert not _is_route("tickets:nothing")
    assert Path(FOLDER, "tickets/show.html").exists()
