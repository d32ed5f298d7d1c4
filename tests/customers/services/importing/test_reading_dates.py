"""Days as tables write them, in whichever order."""

from datetime import date

import pytest

from customers.services.importing.reading_dates import Order, agreed_order, order_of, read_date

APRIL, MARCH = date(1990, 4, 3), date(1990, 3, 4)


@pytest.mark.parametrize(
    ("typed", "order", "day"),
    [
        ("3/4/1990", None, None),
        ("3/4/1990", Order.DAY, APRIL),
        ("3/4/1990", Order.MONTH, MARCH),
        ("3-4-1990 00:00:00", Order.MONTH, MARCH),
        ("3.4.1990", Order.MONTH, APRIL),
        ("25/12/1990", Order.MONTH, date(1990, 12, 25)),
        ("12/25/1990", Order.DAY, date(1990, 12, 25)),
        ("4/4/1990", None, date(1990, 4, 4)),
        ("1990-04-03", Order.MONTH, APRIL),
        ("3/4-1990", Order.DAY, None),
        ("31/31/1990", Order.DAY, None),
        ("30/2/1990", Order.DAY, None),
        ("3/4/90", Order.DAY, None),
    ],
)
def test_day_is_read_in_the_order_of_its_column(typed: str, order: Order | None, day: date | None) -> None:
    assert read_date(typed, order) == day


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["3/4/1990", "25/12/1990", "", "x"], Order.DAY),
        (["3/4/1990", "12/25/1990"], Order.MONTH),
        (["3/4/1990", "25.12.1990", "1990-12-25"], None),
        (["25/12/1990", "12/25/1990"], None),
        (["3/4/1990", "99/12/1990", "12/99/1990"], None),  # no month has such a day
        ([], None),
    ],
)
def test_one_date_that_tells_tells_it_for_the_column(texts: list[str], order: Order | None) -> None:
    assert agreed_order(map(order_of, texts)) == order
