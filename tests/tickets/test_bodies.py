"""What agents write becomes a few harmless elements, and text that says the same."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.bodies import TAGS, TEXT_LIMIT, TooLong, body_from_either, body_from_html, body_from_text, for_editor, show

ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
INVISIBLE = re.compile("[\\s\u200b\u034f\u00ad\u2060\ufeff]+")

NAMES = st.sampled_from(
    "p div b i u s a ul ol li blockquote pre br img span table tr td script style svg form input iframe o:p h1 mark"
    " hr font textarea title template object math code".split()
)
ATTRIBUTE = st.sampled_from(
    [
        "",
        ' href="https://shop.example/?a=1&b=2"',
        ' href="javascript:alert(1)"',
        " href='\tjava\nscript:alert(1)'",
        ' href="data:text/html,x"',
        ' onclick="alert(1)"',
        ' style="display:none"',
        ' style="font-weight:bold"',
        ' src="https://tracker.example/p.png"',
        ' src="cid:mine"',
        ' hx-get="/acme/"',
        ' class="MsoNormal"',
        " hidden",
        ' id="main"',
    ]
)
TEXT = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["Hello", " ", "\xa0", "&nbsp;", "&lt;script&gt;", "<", "&", "\u200b", "<!--", "]]>", '"', "\n"]),
)
PIECE = st.one_of(
    TEXT,
    st.builds(lambda name, attribute: f"<{name}{attribute}>", NAMES, ATTRIBUTE),
    NAMES.map(lambda name: f"</{name}>"),
)
SOUP = st.lists(PIECE, max_size=40).map("".join)


class Reading(HTMLParser):
    """The elements, attributes and words of cleaned HTML, and whether everything is closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.open: list[str] = []
        self.is_balanced = True
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.is_balanced &= bool(self.open) and self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def mine(source: str) -> str | None:
    return source if source == "cid:mine" else None


@settings(max_examples=250, deadline=None)
@given(SOUP)
def test_body_holds_nothing_outside_the_list(soup: str) -> None:
    body = body_from_html(soup, image=mine)

    reading = Reading(body.html)
    assert {tag for tag, _ in reading.found} <= TAGS - {"mark"}
    for tag, attributes in reading.found:
        assert set(attributes) <= ATTRIBUTES.get(tag, set())
        assert re.match(r"https?://|mailto:", attributes.get("href") or "https://")
        assert attributes.get("src", "cid:mine") == "cid:mine"
    assert reading.is_balanced and not reading.open


@settings(max_examples=250, deadline=None)
@given(SOUP)
def test_text_says_something_exactly_when_the_html_does(soup: str) -> None:
    body = body_from_html(soup, image=mine)

    assert bool(body.text) == bool(INVISIBLE.sub("", Reading(body.html).words))


@settings(max_examples=150, deadline=None)
@given(SOUP)
def test_body_cleaned_again_stays_as_it_is(soup: str) -> None:
    body = body_from_html(soup, image=mine)

    assert body_from_html(body.html, image=mine) == body


@pytest.mark.parametrize(
    ("soup", "clean"),
    [
        ("one <!-- two --> three", "<p>one three</p>"),
        ("<pre><div>one</div>two</pre>", "<pre>one\ntwo</pre>"),
        ("<pre><br>one</pre>", "<pre>one</pre>"),
    ],
)
def test_blanks_and_line_ends_are_counted_once(soup: str, clean: str) -> None:
    assert body_from_html(soup, image=mine).html == clean


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_typed_text_is_kept_letter_by_letter(text: str) -> None:
    body = body_from_text(text)

    assert bool(body.text) == bool(body.html)
    assert {tag for tag, _ in Reading(body.html).found} <= {"p", "br", "a"}
    spaced = " ".join(body.text.split())
    assert " ".join(Reading(body.html.replace("<br>", " ").replace("</p>", " </p>")).words.split()) == spaced


@pytest.mark.parametrize(
    ("html", "cleaned", "text"),
    [
        (
            "<div>Hello Ana,</div><div><br></div><div>It is <b>on its way.</b><br></div><div>Bela</div>",
            "<p>Hello Ana,</p><p>It is <strong>on its way.</strong><br>Bela</p>",
            "Hello Ana,\n\nIt is on its way.\nBela",
        ),
        (
            '<p class="MsoNormal">Hi<o:p></o:p></p><p class="MsoNormal">&nbsp;</p><p class="MsoNormal">there</p>',
            "<p>Hi</p><p>there</p>",
            "Hi\n\nthere",
        ),
        (
            '<b style="font-weight:normal"><span style="font-weight:700">G</span>d</b>',
            "<p><strong>G</strong>d</p>",
            "Gd",
        ),
        ("<ul><li>a<ul><li>b</ul><li><p>c</p><p>d</p></ul>", None, "- a\n  - b\n- c\n  d"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "<p>a b<br>c</p>", "a b\nc"),
        ('<a href="https://a.example/?x=1&y=2">here</a>', None, "here (https://a.example/?x=1&y=2)"),
        ("<style>p{}</style><!-- x --><script>alert(1)</script>", "", ""),
        ('<img src="https://tracker.example/p.png">', "", ""),
        ("<span style='display:none'>secret</span>seen", "<p>seen</p>", "seen"),
    ],
)
def test_paste_becomes_paragraphs(html: str, cleaned: str | None, text: str) -> None:
    body = body_from_html(html)

    assert body.text == text
    if cleaned is not None:
        assert body.html == cleaned


def test_picture_of_the_agents_own_stays_and_says_nothing_alone() -> None:
    with_words = body_from_html('<div>Look <img src="cid:mine" alt="The box" onerror=x></div>', image=mine)

    assert with_words.html == '<p>Look <img src="cid:mine" alt="The box"></p>'
    assert body_from_html('<img src="cid:mine">', image=mine).text == ""


def test_typed_text_keeps_lines_spaces_and_addresses() -> None:
    body = body_from_text("Hello,\n\n  see https://shop.example/a?b=1&c=2.\n<b>bold</b>\n")

    assert body.text == "Hello,\n\n  see https://shop.example/a?b=1&c=2.\n<b>bold</b>"
    assert '<a href="https://shop.example/a?b=1&amp;c=2">https://shop.example/a?b=1&amp;c=2</a>.' in body.html
    assert "&lt;b&gt;bold&lt;/b&gt;" in body.html


@pytest.mark.parametrize("make", [body_from_text, body_from_html])
def test_body_that_is_too_long_is_refused(make: type) -> None:
    assert make("x" * TEXT_LIMIT)
    with pytest.raises(TooLong):
        make("x" * (TEXT_LIMIT + 1))


@pytest.mark.parametrize("html", ["<b><i>" * 50_000 + "x", "<ul><li>" * 50_000 + "x", "<p>&nbsp;</p>" * 50_000 + "x"])
def test_hostile_markup_is_cleaned_soon(html: str) -> None:
    assert body_from_html(html).text.strip("- ") == "x"


def test_editor_gets_back_what_it_sent() -> None:
    html = "<div>Hello,</div><div><br></div><div>one</div><div>two <b>bold</b></div><ul><li>x</li></ul>"
    body = body_from_html(html)

    assert for_editor(body.html) == html.replace("<b>", "<strong>").replace("</b>", "</strong>")
    assert body_from_html(for_editor(body.html)) == body


def test_signature_may_be_typed_or_designed() -> None:
    assert body_from_either("Bela\nAcme <3").html == "<p>Bela<br>Acme &lt;3</p>"
    assert body_from_either("<p>Bela<br>Acme</p>").text == "Bela\nAcme"


def test_shown_body_opens_links_elsewhere_and_trusts_no_row() -> None:
    shown = show('<p onclick=x><a href="https://a.example">a</a><script>x</script><mark>@Ada</mark></p>', image=mine)

    assert shown == (
        '<p><a target="_blank" rel="nofollow noopener noreferrer" href="https://a.example">a</a><mark>@Ada</mark></p>'
    )
