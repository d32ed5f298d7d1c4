"""Mentions in internal notes."""

import pytest

from tickets.mentions import mark_mentions

NAMES = {"Bela", "Bela Smith", "Ada", "Zoë O'Neil"}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>@Bela Smith, look</p>", {"Bela Smith"}),
        ("<p>@bela  smith and @ADA</p>", {"Bela Smith", "Ada"}),
        ("<p>@Bela and @Belarus</p>", {"Bela"}),
        ("<p>mail x@Ada.example or @@Ada</p>", set()),
        ("<p>@Zoë O'Neil &amp; co</p>", {"Zoë O'Neil"}),
        ('<p><a href="https://x.example/@Ada">@Ada</a></p>', set()),
        ("<p>@Ada<br>@Nobody</p>", {"Ada"}),
    ],
)
def test_longest_name_is_found_whatever_its_case(html: str, found: set[str]) -> None:
    assert mark_mentions(html, names=NAMES).names == found


def test_mention_is_marked_where_it_stands() -> None:
    marked = mark_mentions("<p>Ask <strong>@ada</strong> &lt;now&gt;</p>", names=NAMES)

    assert marked.html == "<p>Ask <strong><mark>@ada</mark></strong> &lt;now&gt;</p>"


def test_nothing_is_marked_where_nobody_can_be_meant() -> None:
    assert mark_mentions("<p>@Ada</p>", names=set()).html == "<p>@Ada</p>"
