"""The tag `url`: the same addresses as Django's, found quicker."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.template import Context, Template
from django.template.defaulttags import URLNode
from django.urls import NoReverseMatch, get_script_prefix, set_script_prefix

from core.templatetags.url import QuickURLNode


@pytest.fixture
def in_workspace() -> Iterator[None]:
    before = get_script_prefix()
    set_script_prefix("/acme/")
    yield
    set_script_prefix(before)


def render(text: str, **values: object) -> str:
    return Template(text).render(Context(values))


@pytest.mark.parametrize(
    ("tag", "values", "address"),
    [
        ("{% url 'tickets:list' %}", {}, "/acme/tickets/"),
        ("{% url 'tickets:show' number %}", {"number": 42}, "/acme/tickets/42/"),
        (
            "{% url 'tickets:letter' number position %}",
            {"number": 7, "position": 3},
            "/acme/tickets/7/messages/3/letter/",
        ),
        ("{% url name number %}", {"name": "customers:show", "number": 5}, "/acme/customers/5/"),
    ],
)
def test_numbers_are_put_into_the_address(
    tag: str, values: dict[str, Any], address: str, in_workspace: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_django: list[Any] = []

    def render_slowly(*words: Any) -> str:
        by_django.append(words)
        return ""

    monkeypatch.setattr(URLNode, "render", render_slowly)

    assert render(tag, **values) == address
    assert by_django == [], "quickly"


def test_the_workspace_of_the_moment_stands_before_it(in_workspace: None) -> None:
    here = render("{% url 'tickets:show' 1 %}")
    set_script_prefix("/globex/")
    there = render("{% url 'tickets:show' 1 %}")

    assert (here, there) == ("/acme/tickets/1/", "/globex/tickets/1/")


def test_what_is_no_number_is_left_to_django(in_workspace: None) -> None:
    with pytest.raises(NoReverseMatch):
        render("{% url 'tickets:show' number %}", number="x")
    with pytest.raises(NoReverseMatch):
        render("{% url 'tickets:show' number %}", number=-1)
    with pytest.raises(NoReverseMatch):
        render("{% url 'tickets:show' number %}", number=None)
    assert render("{% url 'tickets:show' number %}", number="7") == "/acme/tickets/7/"
    assert render("{% url 'tickets:show' number=8 %}") == "/acme/tickets/8/"


def test_an_address_that_may_not_exist_is_asked_for_with_as(in_workspace: None) -> None:
    assert render("{% url 'nowhere' as address %}[{{ address }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        render("{% url 'nowhere' %}")


def test_a_strange_prefix_is_escaped() -> None:
    before = get_script_prefix()
    set_script_prefix('/a"b/')
    try:
        assert render("{% url 'tickets:show' 1 %}") == "/a&quot;b/tickets/1/"
    finally:
        set_script_prefix(before)


def test_it_is_the_tag_of_all_templates() -> None:
    template = Template("{% url 'tickets:list' %}{% url 'tickets:show' number=1 %}")

    assert [type(node) for node in template.nodelist] == [QuickURLNode, URLNode]
