"""What stands in a custom field: read, refused, written."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.field_codes import CODE, BadCode, check_code, make_code
from customers.field_values import BadValue, Value, number_key, read_value, write_value
from customers.kinds import FieldKind

LISBON = ZoneInfo("Europe/Lisbon")


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        ("string", "  two\nlines ", Value(text="two lines")),
        ("text", "two\nlines", Value(text="two\nlines")),
        ("integer", "0042", Value(number=Decimal(42))),
        ("integer", "-7", Value(number=Decimal(-7))),
        ("number", "1 234,5", Value(number=Decimal("1234.5"))),
        ("number", "12.50", Value(number=Decimal("12.5"))),
        ("number", "-99999999999999999999.5", Value(number=Decimal("-99999999999999999999.5"))),
        ("integer", "12345678901234567890", Value(number=Decimal(12345678901234567890))),
        ("flag", "Да", Value(flag=True)),
        ("flag", "off", Value(flag=False)),
        ("date", "2024-02-29", Value(date=date(2024, 2, 29))),
        ("moment", "2026-07-01 12:00", Value(moment=datetime(2026, 7, 1, 11, 0, tzinfo=UTC))),
        ("moment", "2026-07-01T12:00+02:00", Value(moment=datetime(2026, 7, 1, 10, 0, tzinfo=UTC))),
        ("email", "Ana@Shopper.example", Value(text="ana@shopper.example")),
        ("choice", "m", Value(options=("m",))),
        ("choices", "m; l;m", Value(options=("m", "l"))),
        ("number", "   ", Value()),
    ],
)
def test_value_is_read(kind: str, typed: str, expected: Value) -> None:
    assert read_value(FieldKind(kind), typed, zone=LISBON, options=("s", "m", "l")) == expected


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("string", "x" * 256),
        ("text", "x" * 20_001),
        ("integer", "1.5"),
        ("number", "NaN"),
        ("number", "1e30"),
        ("number", "twelve"),
        ("flag", "perhaps"),
        ("date", "2025-02-29"),
        ("moment", "tomorrow"),
        ("moment", "0001-01-01T00:00+14:00"),
        ("email", "ana"),
        ("choice", "xl"),
        ("choice", "s;m"),
    ],
)
def test_value_that_does_not_fit_is_refused_with_what_to_write(kind: str, typed: str) -> None:
    with pytest.raises(BadValue, match=r"\w"):
        read_value(FieldKind(kind), typed, zone=LISBON, options=("s", "m", "l"))


@given(st.decimals(-(10**20) + 1, 10**20 - 1, places=10))
def test_number_is_written_as_it_is_read(number: Decimal) -> None:
    value = read_value(FieldKind.NUMBER, str(number), zone=LISBON)

    assert read_value(FieldKind.NUMBER, write_value(value, zone=LISBON), zone=LISBON) == value


@given(
    st.decimals(-(10**20) + 1, 10**20 - 1, places=10, allow_nan=False),
    st.decimals(-(10**20) + 1, 10**20 - 1, places=10, allow_nan=False) | st.decimals(-2, 2, places=10),
)
def test_keys_are_ordered_as_their_numbers(one: Decimal, other: Decimal) -> None:
    assert (number_key(one) < number_key(other)) == (one < other)
    assert (number_key(one) == number_key(other)) == (one == other)
    assert len(number_key(one)) == 31


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_moment_is_written_in_the_zone_it_is_read_in(moment: datetime) -> None:
    written = write_value(Value(moment=moment.replace(second=0, microsecond=0)), zone=LISBON)
    read = read_value(FieldKind.MOMENT, written, zone=LISBON).moment

    assert read is not None
    # The hour that comes twice in autumn is read as its first.
    assert abs((read - moment).total_seconds()) < 3660


@given(st.text(max_size=120), st.frozensets(st.sampled_from(["field", "size", "size_2"])))
def test_code_made_from_any_name_is_a_free_code(name: str, taken: frozenset[str]) -> None:
    code = make_code(name, taken=taken)

    assert CODE.fullmatch(code)
    assert code not in taken


def test_code_is_readable() -> None:
    assert make_code("Размер обуви") == "razmer_obuvi"
    assert make_code("2nd Größe!") == "field_2nd_grosse"
    assert make_code("尺寸") == "field"


@pytest.mark.parametrize("code", ["", "Size", "1size", "si ze", "x" * 61, "größe"])
def test_code_of_other_letters_is_refused(code: str) -> None:
    with pytest.raises(BadCode):
        check_code(code)
