"""Signed proofs that a mail answers a message of ours."""

import pytest

from channels.email import threading
from channels.email.subjects import base_subject
from channels.email.threading import SignedIds

KEY, OLD_KEY, STRANGE_KEY = b"k" * 32, b"o" * 32, b"s" * 32


def made(key: bytes = KEY, message_id: int = 1_000_000_007) -> str:
    return threading.make_message_id(tenant_id=3, ticket_id=42, message_id=message_id, domain="Acme.example", key=key)


def test_message_id_comes_back_as_its_ids() -> None:
    assert threading.read_message_id(made(), [KEY]) == SignedIds(3, 42, 1_000_000_007)
    assert made() == made()


@pytest.mark.parametrize(
    "change", [str.upper, str.swapcase, lambda value: value.strip("<>"), lambda value: f" {value} "]
)
def test_message_id_survives_mail_systems(change: object) -> None:
    assert callable(change)
    assert threading.read_message_id(change(made()), [KEY]) == SignedIds(3, 42, 1_000_000_007)


def test_old_key_is_still_known_and_a_strange_one_never() -> None:
    assert threading.read_message_id(made(OLD_KEY), [KEY, OLD_KEY]) is not None
    assert threading.read_message_id(made(STRANGE_KEY), [KEY, OLD_KEY]) is None
    assert threading.read_message_id(made(), []) is None


def test_every_changed_sign_breaks_the_signature() -> None:
    value = made()
    start, end = value.index(".") + 1, value.index("@")

    for place in range(start, end - 1):
        changed = value[:place] + ("b" if value[place] == "a" else "a") + value[place + 1 :]
        assert threading.read_message_id(changed, [KEY]) is None


@pytest.mark.parametrize(
    "value", ["", "<a@b>", "<hd1.@x>", "<hd1.aaaa@x>", "<hd1.!!!!@x>", "<hd1." + "a" * 5000 + "@x>", "\0"]
)
def test_foreign_ids_prove_nothing(value: str) -> None:
    assert threading.read_message_id(value, [KEY]) is None


def test_reply_address_comes_back_as_its_ticket() -> None:
    token = threading.make_reply_token(tenant_id=3, ticket_id=42, key=KEY)

    address = threading.reply_address("support@acme.example", token)

    assert address.endswith("@acme.example")
    assert len(address.partition("@")[0]) <= 64
    assert threading.read_reply_address(address.upper(), [KEY]) == SignedIds(3, 42, 0)
    assert threading.read_reply_address(address, [STRANGE_KEY]) is None


def test_too_long_reply_address_stays_plain() -> None:
    token = threading.make_reply_token(tenant_id=3, ticket_id=42, key=KEY)
    inbox = f"{'a' * 40}@acme.example"

    assert threading.reply_address(inbox, token) == inbox


def test_token_of_an_address_is_no_message_id() -> None:
    token = threading.make_reply_token(tenant_id=3, ticket_id=42, key=KEY)

    assert threading.read_message_id(f"<hd1.{token}@acme.example>", [KEY]) is None
    token = threading._sign(b"address", (3, 42, 7), KEY)
    assert threading.read_message_id(f"<hd1.{token}@acme.example>", [KEY]) is None


def test_signature_has_128_bits() -> None:
    short = threading.make_message_id(tenant_id=1, ticket_id=1, message_id=1, domain="a.example", key=KEY)

    payload_and_mac = short.partition(".")[2].partition("@")[0]
    assert len(payload_and_mac) * 5 // 8 - 3 == 16


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Re: My order", "My order"),
        ("RE: Re[2]: AW: FW: My order", "My order"),
        ("Отв: Re: Заказ", "Заказ"),
        ("回复：订单", "订单"),
        ("SV: VS: Antw: WG: Bestellung", "Bestellung"),
        ("Réf: RE : Commande", "Réf: RE : Commande"),
        ("RE : Commande", "Commande"),
        ("Trả lời: x", "x"),
        ("Order: late", "Order: late"),
        ("Re:", ""),
        ("", ""),
        ("Re: " * 200 + "x", "Re: " * 150 + "x"),
    ],
)
def test_base_subject_has_no_prefixes(subject: str, base: str) -> None:
    assert base_subject(subject) == base
