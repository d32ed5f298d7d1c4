"""What people write with formatting."""

import pytest

from core.rich_text import clean_rich_text
from core.templatetags.web_address import web_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<div>One <b>two</b><br></div>", "<div>One <b>two</b><br></div>"),
        ('<p style="color:red" class="x" onclick="a()">One</p>', "<p>One</p>"),
        ("<ul><li>One</ul>", "<ul><li>One</li></ul>"),
        ("<h1>One</h1><img src=x><script>two</script>", "One"),
        ('<a href="javascript:alert(1)">One</a>', '<a target="_blank" rel="noopener noreferrer nofollow">One</a>'),
        ("a & b < c", "a &amp; b &lt; c"),
    ],
)
def test_only_what_an_editor_makes_is_kept(typed: str, kept: str) -> None:
    assert clean_rich_text(typed) == kept
    assert clean_rich_text(kept) == kept


def test_links_open_elsewhere_and_tell_nothing() -> None:
    cleaned = clean_rich_text('<a href="https://shop.example/?a=1&amp;b=2">One</a>')

    assert cleaned == (
        '<a href="https://shop.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">One</a>'
    )


def test_addresses_of_pages_are_links_when_they_are_of_the_web() -> None:
    assert str(web_address("https://shop.example/chairs")) == (
        '<a href="https://shop.example/chairs" title="https://shop.example/chairs" rel="noopener noreferrer nofollow" '
        'target="_blank">shop.example/chairs</a>'
    )
    for hostile in ("javascript:alert(1)", "//x.example", "data:text/html,x", 'https://x.example/" onclick="a()', ""):
        assert "<a" not in web_address(hostile)
    assert len(web_address("https://shop.example/" + "x" * 900).split(">")[1]) < 90
