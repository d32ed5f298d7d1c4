"""Amounts of money for people."""

import pytest

from core.money import format_money


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1250, "EUR", "€12.50"),
        (0, "EUR", "€0.00"),
        (5, "USD", "$0.05"),
        (-310, "EUR", "-€3.10"),
        (125000, "USD", "$1,250.00"),
        (1250, "JPY", "¥1,250"),
        (1235, "KWD", "KWD\N{NO-BREAK SPACE}1.235"),
        (1250, "CHF", "CHF\N{NO-BREAK SPACE}12.50"),
        (1250, "", "12.50"),
        (10**17 + 1, "EUR", "€1,000,000,000,000,000.01"),
    ],
)
def test_money_is_written_in_its_own_digits(minor: int, currency: str, text: str) -> None:
    assert format_money(minor, currency) == text
