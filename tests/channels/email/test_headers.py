"""Headers as they really come: encoded words, addresses, parameters, blocks without end."""

import pytest

from channels.email.addresses import MOST_ADDRESSES, read_addresses
from channels.email.encoded_words import decode_words
from channels.email.headers import read_headers
from channels.email.identifiers import read_ids
from channels.email.parameters import read_value
from channels.types import Address


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?Q?a?= =?utf-8?Q?b?= c", "ab c"),
        ("=?utf-8?B?0J/R?= =?utf-8?B?gNC4?=", "При"),
        ("=?utf-8?B?0J/RgNC?= =?utf-8?B?40Lc=?=", "Приз"),
        ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ("=?utf-8?Q?a?= =?koi8-r?B?8NLJ18XU?=", "aПривет"),
        ("=?unknown?Q?=E9t=E9?=", "été"),
        ("=?utf-8*en?Q?a?=", "a"),
        ("Re:=?utf-8?Q?x_y?=z", "Re:x yz"),
        ("=?utf-8?Q?bad =zz word=?=", "bad =zz word="),
        ("=?utf-8?B?YWJj?= ", "abc "),
        ("=?utf-8?X?x?=", "=?utf-8?X?x?="),
        ("=?utf-8?Q?open", "=?utf-8?Q?open"),
        ("=?utf-8?Q??=", ""),
        ("a =? b ?= c", "a =? b ?= c"),
    ],
)
def test_encoded_words_are_decoded(value: str, text: str) -> None:
    assert decode_words(value) == text


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Ada <ADA@X.example>", [("ada@x.example", "Ada")]),
        ('"Lovelace, Ada" <a@x.example>, b@x.example', [("a@x.example", "Lovelace, Ada"), ("b@x.example", "")]),
        ("Lovelace, Ada <a@x.example>", [("a@x.example", "Lovelace, Ada")]),
        ("a@x.example (Ada (the) L)", [("a@x.example", "Ada (the) L")]),
        ("Ada (sales) <a@x.example>", [("a@x.example", "Ada (sales)")]),
        (
            "Team: a@x.example, Bo <b@x.example>;, c@x.example",
            [("a@x.example", ""), ("b@x.example", "Bo"), ("c@x.example", "")],
        ),
        ("undisclosed-recipients:;", []),
        ("Ada: x <a@x.example>", [("a@x.example", "Ada: x")]),
        ("a@x.example;b@x.example", [("a@x.example", ""), ("b@x.example", "")]),
        ("<@relay.example:a@x.example>", [("a@x.example", "")]),
        ("Ada <a @ x.example>", [("a@x.example", "Ada")]),
        ("Ada <a@x.example", [("a@x.example", "Ada")]),
        ("Ada <a@x.example>>", [("a@x.example", "Ada")]),
        ("<a@x.example> Ada", [("a@x.example", "Ada")]),
        ("Ada <a@x.example> <b@x.example>", [("a@x.example", "Ada"), ("b@x.example", "")]),
        ("Ada a@x.example", [("a@x.example", "Ada")]),
        ("mailto:a@x.example", [("a@x.example", "")]),
        ("'Ada' <a@x.example>", [("a@x.example", "Ada")]),
        (r'"Ada \"q\" L" <a@x.example>', [("a@x.example", 'Ada "q" L')]),
        ('"a b"@x.example', [('"a b"@x.example', "")]),
        ("=?utf-8?Q?L=C3=B6v=2C_A?= <a@x.example>", [("a@x.example", "Löv, A")]),
        ("=?utf-8?Q?A_=3Ca=40x.example=3E?=", [("a@x.example", "A")]),
        ("почта@пример.example", [("почта@пример.example", "")]),
        ("a@[192.0.2.1]", [("a@[192.0.2.1]", "")]),
        ("MAILER-DAEMON", []),
        ("a@", []),
        ("\u202eada\u202c <a@x.example>", [("a@x.example", "ada")]),
    ],
)
def test_addresses_are_read(value: str, found: list[tuple[str, str]]) -> None:
    assert read_addresses(value) == tuple(Address(email, name) for email, name in found)


def test_very_many_addresses_are_bounded() -> None:
    assert len(read_addresses(", ".join(f"a{number}@x.example" for number in range(5_000)))) == MOST_ADDRESSES


@pytest.mark.parametrize(
    ("header", "value", "parameters"),
    [
        ("text/plain; charset=utf-8", "text/plain", {"charset": "utf-8"}),
        ('TEXT/Plain;CharSet="utf-8"', "text/plain", {"charset": "utf-8"}),
        ("text/plain charset=utf-8", "text/plain", {"charset": "utf-8"}),
        ('multipart/mixed; boundary="a;b=c"', "multipart/mixed", {"boundary": "a;b=c"}),
        ("attachment; filename*=utf-8''a%C3%A4.pdf; filename=x", "attachment", {"filename": "aä.pdf"}),
        ("attachment; filename*0*=utf-8''a%C3; filename*1*=%A4; filename*2=b", "attachment", {"filename": "aäb"}),
        ("attachment; filename*1=b; filename*0=a", "attachment", {"filename": "ab"}),
        ('attachment; filename="=?utf-8?Q?=C3=A4?="', "attachment", {"filename": "ä"}),
        ('attachment; filename="%D0%BF.pdf"', "attachment", {"filename": "п.pdf"}),
        ('attachment; filename="100%25.pdf"', "attachment", {"filename": "100%25.pdf"}),
        ("attachment; filename=my file;x.pdf", "attachment", {"filename": "my file;x.pdf"}),
        ('attachment; filename="open', "attachment", {"filename": "open"}),
        (r'attachment; filename="C:\d\x.pdf"', "attachment", {"filename": r"C:\d\x.pdf"}),
        ("", "", {}),
        (";;;", "", {}),
    ],
)
def test_parameters_are_read(header: str, value: str, parameters: dict[str, str]) -> None:
    assert read_value(header) == (value, parameters)


def test_block_ends_at_the_empty_line() -> None:
    block = read_headers(b"A: 1\r\n 2\r\nB : 3\r\n\r\nbody")

    assert [(name, block.headers.raw(name)) for name, _ in block.headers.fields] == [("A", "1 2"), ("B", "3")]
    assert block.body_start == len(b"A: 1\r\n 2\r\nB : 3\r\n\r\n")
    assert block.defects == ()


def test_line_of_a_mailbox_among_headers_is_passed_over() -> None:
    block = read_headers(b"A: 1\n>From ada Mon\nSubject: x\n\nbody")

    assert block.headers.raw("Subject") == "x"
    assert block.headers.raw("A") == "1"


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<a@x> <b@x>\n <a@x>", ("<a@x>", "<b@x>")),
        ("<a@x><b@x>", ("<a@x>", "<b@x>")),
        ('"Ada" of Monday <a@x>', ("<a@x>",)),
        ("a@x", ("<a@x>",)),
        ("no id here", ()),
    ],
)
def test_ids_are_read(value: str, ids: tuple[str, ...]) -> None:
    assert read_ids(value) == ids


def test_of_very_many_ids_the_first_and_the_last_are_kept() -> None:
    ids = read_ids(" ".join(f"<{number}@x>" for number in range(1_000)))

    assert (ids[0], ids[-1], len(ids)) == ("<0@x>", "<999@x>", 200)
