"""People's plain text on the page."""

import time

import pytest

from core.templatetags.prose import prose


def test_markup_is_escaped() -> None:
    assert prose('<b onclick="x">hi</b>') == "&lt;b onclick=&quot;x&quot;&gt;hi&lt;/b&gt;"


def test_addresses_become_links_that_vouch_for_nothing() -> None:
    shown = prose("see https://shop.example/a?b=1&c=2.")

    assert 'href="https://shop.example/a?b=1&amp;c=2"' in shown
    assert 'rel="nofollow noopener noreferrer"' in shown
    assert shown.endswith("</a>.")


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "www.a.example"])
def test_other_schemes_stay_text(text: str) -> None:
    assert "<a " not in prose(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("(https://a.example/x)", "https://a.example/x"),
        ("https://a.example/wiki/Ada_(name)", "https://a.example/wiki/Ada_(name)"),
        ("“https://a.example/”", "https://a.example/"),
        ("<https://a.example/>", "https://a.example/"),
        ('https://a.example/"onmouseover="x', "https://a.example/"),
    ],
)
def test_a_link_ends_where_the_address_does(text: str, address: str) -> None:
    assert f'href="{address}"' in prose(text)


@pytest.mark.parametrize("piece", ["http://", "https://a)", "mailto:", "((((", "a@", "https://a.example/)"])
def test_time_grows_with_length_only(piece: str) -> None:
    started = time.perf_counter()

    prose(piece * 200_000)

    assert time.perf_counter() - started < 5
