"""What stands in the columns of a customer's row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from accounts.kinds import ActorKind
from accounts.models import Membership
from core.contacts import show_phone
from core.languages import language_name
from core.money import format_money
from core.text import excerpt
from customers.addresses.countries import country_name
from customers.field_values import Value, write_value
from customers.kinds import FieldKind, PreferredChannel, Sex, Subscription
from customers.legal.kinds import ContractorType
from customers.models import Customer, CustomerFieldValue, CustomField
from customers.presence import NEVER, Cutoffs, Sighting, judge
from customers.stores import Store

NOT_ACTIVE = "Not active"
LONGEST_TEXT = 80  # characters of a text in a row

Look = Literal["", "number", "short", "tags"]


@dataclass(frozen=True)
class Cell:
    """`hint` stands behind the text in gray; a moment is shown as how long ago, `dot` before it. A quiet cell says that
    there is nothing.
    """

    label: str
    text: str = ""
    hint: str = ""
    look: Look = ""
    moment: datetime | None = None
    dot: Sighting | None = None
    items: Sequence[str] = ()
    is_quiet: bool = False

    @property
    def css(self) -> str:
        """The classes of the cell."""
        return " ".join(f"crowd__{one}" for one in (self.look, "quiet" if self.is_quiet else "") if one)

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.moment or self.items)


@dataclass(frozen=True)
class Said:
    """What is shown of one value: see Cell."""

    text: str = ""
    hint: str = ""
    moment: datetime | None = None
    dot: Sighting | None = None
    items: Sequence[str] = ()
    is_quiet: bool = False


@dataclass(frozen=True)
class Around:
    """What rows are shown by, read once for all of them. `zone` and `today` are the reader's."""

    at: datetime
    zone: ZoneInfo
    today: date
    stores: Mapping[int, Store] = field(default_factory=dict)
    cutoffs: Cutoffs = field(default_factory=Cutoffs)


Show = Callable[[Any, Around], Said]


def plain(name: str) -> Show:
    """A text of the row itself, or one that the query put on it."""
    return lambda customer, around: Said(excerpt(getattr(customer, name) or "", LONGEST_TEXT))


def of_partner(partner: str, name: str) -> Show:
    return lambda customer, around: Said(excerpt(getattr(getattr(customer, partner, None), name, ""), LONGEST_TEXT))


def phone(customer: Any, around: Around) -> Said:
    return Said(show_phone(customer.main_phone) if customer.main_phone else "")


def seen(customer: Customer, around: Around) -> Said:
    row = getattr(customer, "presence_row", None)
    if row is None:
        return Said("Never", dot=NEVER, is_quiet=True)
    dot = judge(last_seen_at=row.last_seen_at, evidence=row.evidence, at=around.at, cutoffs=around.cutoffs)
    return Said(moment=row.last_seen_at, dot=dot)


def orders(customer: Customer, around: Around) -> Said:
    row = getattr(customer, "totals_row", None)
    return Said(f"{row.orders:,}") if row else Said("0", is_quiet=True)


def spent(customer: Customer, around: Around) -> Said:
    row = getattr(customer, "totals_row", None)
    return Said(format_money(row.spent, row.currency) if row and row.currency else "")


def registered(customer: Customer, around: Around) -> Said:
    return Said(moment=customer.created_at)


def manager(customer: Customer, around: Around) -> Said:
    member: Membership | None = customer.manager
    if member is None:
        return Said()
    return Said(member.name, "" if member.is_active and member.user.is_active else NOT_ACTIVE)


def store(customer: Customer, around: Around) -> Said:
    number = customer.store_number
    if number is None:
        return Said()
    found = around.stores.get(number)
    return Said(found.name if found else f"Store {number}", "" if found and found.is_active else NOT_ACTIVE)


def sex(customer: Customer, around: Around) -> Said:
    return Said(str(Sex(customer.sex).label) if customer.sex else "")


def supposed_sex(customer: Customer, around: Around) -> Said:
    return Said(str(Sex(customer.supposed_sex).label), "supposed") if customer.supposed_sex else Said()


def birthday(customer: Customer, around: Around) -> Said:
    if customer.birthday is None:
        return Said()
    born, today = customer.birthday, around.today
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return Said(date_format(born, "M j, Y"), str(years) if years > 0 else "")


def language(customer: Customer, around: Around) -> Said:
    return Said(language_name(customer.language) if customer.language else "")


def channel(customer: Customer, around: Around) -> Said:
    return Said(str(PreferredChannel(customer.preferred_channel).label) if customer.preferred_channel else "")


def tags(customer: Any, around: Around) -> Said:
    return Said(items=sorted(tag.name for tag in customer.tags.all()))


def subscription(customer: Any, around: Around) -> Said:
    return Said(str(Subscription(customer.main_subscription).label) if customer.main_subscription else "")


def percent(name: str) -> Show:
    def show(customer: Customer, around: Around) -> Said:
        number: Decimal | None = getattr(customer, name)
        return Said(f"{number.normalize():f} %" if number is not None else "")

    return show


def origin(customer: Customer, around: Around) -> Said:
    return Said(str(ActorKind(customer.origin).label))


def number(customer: Customer, around: Around) -> Said:
    return Said(str(customer.number))


def custom(column: CustomField) -> Show:
    """What a custom field says, of rows read with `field_values`."""
    kind = FieldKind(column.kind)

    def show(customer: Any, around: Around) -> Said:
        held = [row for row in customer.field_values.all() if row.field_id == column.pk]
        if kind.has_options:
            chosen = sorted((row.option for row in held if row.option), key=lambda one: (one.position, one.pk))
            gone = any(not one.is_active for one in chosen)
            return Said(", ".join(one.label for one in chosen), NOT_ACTIVE if gone else "")
        return Said(_written(held[0], around.zone)) if held else Said()

    return show


def _written(row: CustomerFieldValue, zone: ZoneInfo) -> str:
    value = Value(text=row.text, number=row.number, flag=row.flag, date=row.date, moment=row.moment)
    written = write_value(value, zone=zone)
    if value.flag is not None:
        return written.capitalize()
    return written.replace("T", " ") if value.moment is not None else excerpt(written, LONGEST_TEXT)


def country(customer: Any, around: Around) -> Said:
    """Where parcels go."""
    return Said(country_name(customer.main_country) if customer.main_country else "")


def contractor(customer: Any, around: Around) -> Said:
    """Whom a contract names; of a private individual nothing is said."""
    named = customer.legal_contractor or ContractorType.INDIVIDUAL
    return Said("" if named == ContractorType.INDIVIDUAL else str(ContractorType(named).label))
