"""Money, the length of a note, and comparing notes."""

from decimal import Decimal

import pytest

from integrations.base import normalize_note, note_length
from integrations.registry import KINDS, UnknownKind, adapter_class
from integrations.types import Credentials, Money


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.5", "EUR", 1250),
        ("1250", "JPY", 1250),
        ("1.2345", "KWD", 1235),
        ("0.005", "USD", 1),
        ("-3.10", "USD", -310),
    ],
)
def test_money_counts_in_the_currencys_own_units(amount: str, currency: str, minor: int) -> None:
    money = Money.from_decimal(Decimal(amount), currency)

    assert money == Money(minor, currency)
    assert abs(money.amount - Decimal(amount)) < Decimal("0.01")


def test_money_amount_keeps_its_digits() -> None:
    assert [str(Money(1250, code).amount) for code in ("EUR", "JPY", "KWD")] == ["12.50", "1250", "1.250"]


def test_note_length_counts_an_emoji_as_two() -> None:
    assert [note_length(text) for text in ("", "abc", "é", "🥜", "\ud83d")] == [0, 3, 1, 2, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\nb"),
        ("a  \nb\t", "a\nb"),
        ("e\u0301", "\u00e9"),
        (None, ""),
        ("\n \n", ""),
        ("a\n\n", "a"),
    ],
)
def test_normalize_note_forgives_what_nobody_wrote(one: str | None, other: str | None) -> None:
    assert normalize_note(one) == normalize_note(other)


@pytest.mark.parametrize(("one", "other"), [("a b", "a  b"), ("a\n\nb", "a\nb"), (" a", "a"), ("A", "a")])
def test_normalize_note_keeps_what_somebody_wrote(one: str, other: str) -> None:
    assert normalize_note(one) != normalize_note(other)


def test_credentials_do_not_show_themselves() -> None:
    shown = repr(Credentials("acme-demo.myshopify.com", "shpat_token", ("signing-secret",)))

    assert "shpat_token" not in shown and "signing-secret" not in shown


def test_registry_refuses_unknown_kinds() -> None:
    assert adapter_class("shopify").__name__ == "ShopifyAdapter"
    assert set(KINDS) == {"shopify"}
    with pytest.raises(UnknownKind):
        adapter_class("builtins.eval")
