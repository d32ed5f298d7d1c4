"""Time grows only with length: letters made to be slow take about as long as others of their size.

What grows with the square takes minutes at these sizes, so the limits (processor seconds) can be generous.
"""

import time
from collections.abc import Callable

import pytest

from channels.email.parsing import parse_mail
from tests.channels.email.building import mail, multipart

LENGTH = 40_000
LIMIT = 5.0
TEXTS = [
    *("<", ">", "> ", "> > ", "a@", "a ", "\n", ":\n", "-", "_\n", "--\n", "-- \n", "=", "&", "*", "a\u0301", "(", "“"),
    *(
        "On ",
        "On Mon wrote\n",
        "On Mon, a@b.example wrote:\n",
        "wrote:\n",
        "10:15 ",
        "<a@b>",
        "x:\n> y\n",
        "写道：",
        "写道\n",
    ),
    *(
        "From: a@b\n",
        "From: a\nSent: b\n",
        "Subject: x\n\n",
        "-----Original",
        "-----Original Message-----",
        "Sent from my \n",
    ),
    *("https://a.example/ ", "begin 644 x\n", "begin 644 x\nM\n", "above ", "2026-11-02 10:15 a@b.example:\n"),
    *("<div>", "<blockquote>", "<blockquote type=cite>x", "<p><b class=x>", "<li><dd>", "<table><td>", "<a ", '<a x="'),
    *("<!--", "<style>", "<br>", "&#1;", "</div>", "<div class=gmail_quote>x:</div>", "<select><table>", "<textarea>"),
]
VALUES = [
    "=?",
    "=?utf-8?q?a?= ",
    '"',
    '\\"',
    "<",
    "(",
    "(()",
    "a@b.example, ",
    "a",
    "a@",
    "<a@b> ",
    ";a=b",
    ";a*0*=%41",
    "x\n ",
]


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_is_read_in_time(text: str) -> None:
    body = (text * (LENGTH // len(text) + 1))[:LENGTH]

    assert _seconds(lambda: parse_mail(mail(body, Content_Type="text/plain; charset=utf-8"))) < LIMIT
    assert _seconds(lambda: parse_mail(mail(body, Content_Type="text/html; charset=utf-8"))) < LIMIT


@pytest.mark.parametrize("value", VALUES)
def test_hostile_header_is_read_in_time(value: str) -> None:
    text = (value * (LENGTH // len(value) + 1))[: LENGTH // 2]
    headers = {"From": text, "To": text, "Subject": text, "References": text, "Content-Type": f"multipart/x; {text}"}

    assert _seconds(lambda: parse_mail(mail(**headers))) < LIMIT


@pytest.mark.parametrize(
    "raw",
    [
        multipart(*["Content-Type: text/plain; name=a\n\nx"] * 5_000),
        multipart(*["Content-Type: multipart/mixed; boundary=never\n\nx"] * 3_000),
        mail("--\n" * 100_000, Content_Type="multipart/mixed; boundary=b"),
        mail("--b\n\n" + "--\n" * 100_000, Content_Type="multipart/mixed; boundary=b"),
        mail("YQ==\n" * 30_000, Content_Transfer_Encoding="base64"),
        mail("=\n" * 50_000, Content_Transfer_Encoding="quoted-printable"),
        b"X: y\n" * 100_000 + mail(),
        mail("550 a@b.example message-id:\n" * 10_000, From="mailer-daemon@x.example"),
        mail("<param>" * 40_000, Content_Type="text/enriched"),
    ],
    ids=["parts", "containers", "delimiters", "unused", "padding", "soft", "headers", "bounce", "enriched"],
)
def test_hostile_structure_is_read_in_time(raw: bytes) -> None:
    assert _seconds(lambda: parse_mail(raw)) < LIMIT


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
