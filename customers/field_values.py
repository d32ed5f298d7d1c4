"""What stands in a custom field: read from text as a form or an import gives it, and written as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Context, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from core.contacts import NotAnAddress, normalize_email
from core.text import clean_text, fold
from customers.kinds import FieldKind

LONGEST_LINE, LONGEST_TEXT = 255, 20_000
LONGEST_KEY = 200
# Twenty digits before the point, ten after it: what the column holds.
MOST = Decimal(10) ** 20
PLACES = 10
EXACT = Context(prec=40)
YES = frozenset("1 yes true on y да oui sim si ja".split())
NO = frozenset("0 no false off n нет non não nao nein".split())


class BadValue(ValueError):
    """The text does not fit the field's kind; the message tells a person what to write."""


@dataclass(frozen=True)
class Value:
    """One answer in the column of its kind. `options` are codes; an empty value says nothing at all."""

    text: str = ""
    number: Decimal | None = None
    flag: bool | None = None
    date: date | None = None
    moment: datetime | None = None
    options: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == Value()

    @property
    def key(self) -> str:
        """What filters compare texts and numbers by."""
        return number_key(self.number) if self.number is not None else fold(self.text)[:LONGEST_KEY]


def read_value(kind: FieldKind, typed: str, *, zone: ZoneInfo, options: Sequence[str] = ()) -> Value:
    """Read what was typed; blank is empty. `options` are the codes one may choose, in their order; several are typed
    with ";" between them.

    A moment without an offset is one of `zone`. Raises BadValue.
    """
    typed = clean_text(typed).strip()
    if not typed:
        return Value()
    if kind.has_options:
        return Value(options=_options(kind, typed, options))
    return _READERS[kind](typed, zone)


def number_key(number: Decimal) -> str:
    """The number as text of one length that is ordered as numbers are: comparing texts is leakproof, comparing numeric
    is not, and under row-level security only a leakproof comparison uses an index.
    """
    scaled = int(number.scaleb(PLACES, EXACT))
    return f"p{scaled:030}" if scaled >= 0 else f"n{10**30 + scaled:030}"


def write_value(value: Value, *, zone: ZoneInfo) -> str:
    """As a form shows it for editing, and `read_value` reads it again."""
    if value.options:
        return ";".join(value.options)
    if value.number is not None:
        return format(value.number.normalize(EXACT), "f")
    if value.flag is not None:
        return "yes" if value.flag else "no"
    if value.date is not None:
        return value.date.isoformat()
    if value.moment is not None:
        return value.moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    return value.text


def _options(kind: FieldKind, typed: str, known: Sequence[str]) -> tuple[str, ...]:
    codes = {code.strip() for code in typed.split(";") if code.strip()}
    unknown = sorted(codes - set(known))
    if unknown:
        raise BadValue(f"{unknown[0][:60]} is none of the choices.")
    if kind == FieldKind.CHOICE and len(codes) > 1:
        raise BadValue("Choose one.")
    return tuple(code for code in known if code in codes)


def _line(typed: str, zone: ZoneInfo) -> Value:
    line = " ".join(typed.split())
    if len(line) > LONGEST_LINE:
        raise BadValue(f"At most {LONGEST_LINE} characters.")
    return Value(text=line)


def _text(typed: str, zone: ZoneInfo) -> Value:
    if len(typed) > LONGEST_TEXT:
        raise BadValue(f"At most {LONGEST_TEXT:,} characters.")
    return Value(text=typed)


def _email(typed: str, zone: ZoneInfo) -> Value:
    try:
        return Value(text=normalize_email(typed))
    except NotAnAddress as error:
        raise BadValue("This is no e-mail address.") from error


def _number(typed: str, zone: ZoneInfo) -> Value:
    """A comma before the last digits is a decimal point when there is no point."""
    plain = typed.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("'", "")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise BadValue("Write a number, such as 12.5.") from error
    if not number.is_finite() or abs(number) >= MOST:
        raise BadValue("Write a number of at most twenty digits.")
    # Added to nothing, minus zero is zero.
    return Value(number=EXACT.add(number.quantize(Decimal(1).scaleb(-PLACES), context=EXACT), Decimal(0)))


def _integer(typed: str, zone: ZoneInfo) -> Value:
    try:
        number = _number(typed, zone).number or Decimal(0)
    except BadValue as error:
        raise BadValue("Write a whole number of at most twenty digits.") from error
    if number != number.to_integral_value():
        raise BadValue("Write a whole number.")
    return Value(number=number.to_integral_value())


def _flag(typed: str, zone: ZoneInfo) -> Value:
    word = fold(typed)
    if word not in YES | NO:
        raise BadValue("Write yes or no.")
    return Value(flag=word in YES)


def _date(typed: str, zone: ZoneInfo) -> Value:
    try:
        return Value(date=date.fromisoformat(typed))
    except ValueError as error:
        raise BadValue("Write a date as year-month-day, such as 2026-11-23.") from error


def _moment(typed: str, zone: ZoneInfo) -> Value:
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError as error:
        raise BadValue("Write date and time, such as 2026-11-23 14:30.") from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        return Value(moment=aware.astimezone(UTC))
    except OverflowError as error:
        raise BadValue("Write a year between 1 and 9999.") from error


_READERS = {
    FieldKind.STRING: _line,
    FieldKind.TEXT: _text,
    FieldKind.EMAIL: _email,
    FieldKind.NUMBER: _number,
    FieldKind.INTEGER: _integer,
    FieldKind.FLAG: _flag,
    FieldKind.DATE: _date,
    FieldKind.MOMENT: _moment,
}
