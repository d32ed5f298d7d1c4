"""CustomerFilter: frozen; parses itself strictly, narrows a queryset, writes itself in one way only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from accounts.kinds import ActorKind
from core import query_fields as reading
from customers.field_tests import FieldTest, pairs_of, parse_tests, without
from customers.kinds import PreferredChannel, Subscription
from customers.services.tagging_customer import LONGEST as LONGEST_TAG

LONGEST_WORDS = 320  # characters of a search: the longest e-mail address
NONE = "none"  # where nothing is said
ME = "me"
SEXES = ("female", "male", NONE)
YES_OR_NO = ("yes", "no")
CHANNELS = tuple(value for value in PreferredChannel.values if value)
SUBSCRIPTIONS = tuple(value for value in Subscription.values if value)
REGISTERED = "registered"
SORTS = (REGISTERED, "seen", "name", "spent", "orders")

FIELDS: Mapping[str, reading.Field] = {
    "q": reading.words(LONGEST_WORDS),
    "mark": reading.one_of("vip", "bad", NONE),
    "manager": reading.number_or(ME, NONE),
    "store": reading.number_or(NONE),
    "tag": reading.several(LONGEST_TAG),
    "sex": reading.one_of(*SEXES),
    "supposed_sex": reading.one_of(*SEXES),
    "language": reading.words(35),
    "channel": reading.one_of(*CHANNELS, NONE),
    "time_zone": reading.words(64),
    "location": reading.words(200),
    "note": reading.one_of(*YES_OR_NO),
    "note_has": reading.words(200),
    "email": reading.one_of(*YES_OR_NO),
    "phone": reading.one_of(*YES_OR_NO),
    "bounced": reading.one_of(*YES_OR_NO),
    "subscription": reading.one_of(*SUBSCRIPTIONS, NONE),
    "birth_month": reading.one_of(*(str(month) for month in range(1, 13))),
    "born_from": reading.day(),
    "born_to": reading.day(),
    "registered_from": reading.day(),
    "registered_to": reading.day(),
    "seen": reading.one_of("ever", "never"),
    "seen_from": reading.day(),
    "seen_to": reading.day(),
    "orders_from": reading.number(),
    "orders_to": reading.number(),
    "spent_from": reading.decimal(),
    "spent_to": reading.decimal(),
    "discount_from": reading.decimal(),
    "discount_to": reading.decimal(),
    "card": reading.one_of(*YES_OR_NO),
    "card_number": reading.words(50),
    "source": reading.words(255),
    "medium": reading.words(255),
    "campaign": reading.words(255),
    "origin": reading.one_of(*ActorKind.values),
    "deleted": reading.switch(),
    "sort": reading.one_of(*SORTS, *(f"-{sort}" for sort in SORTS)),
}


@dataclass(frozen=True)
class CustomerFilter:
    """Every field is as its name in the query string. Empty means: whatever it is; `none` that nothing is said.

    `manager` is a word or a member's number, `store` a word or a store's number, both as text. Amounts of money are in
    whole units of whatever currency. Days are in the zone of the agent who looks, and both ends are included.
    """

    q: str = ""
    mark: str = ""
    manager: str = ""
    store: str = ""
    tag: tuple[str, ...] = ()
    sex: str = ""
    supposed_sex: str = ""
    language: str = ""
    channel: str = ""
    time_zone: str = ""
    location: str = ""
    note: str = ""
    note_has: str = ""
    email: str = ""
    phone: str = ""
    bounced: str = ""
    subscription: str = ""
    birth_month: str = ""
    born_from: date | None = None
    born_to: date | None = None
    registered_from: date | None = None
    registered_to: date | None = None
    seen: str = ""
    seen_from: date | None = None
    seen_to: date | None = None
    orders_from: int | None = None
    orders_to: int | None = None
    spent_from: Decimal | None = None
    spent_to: Decimal | None = None
    discount_from: Decimal | None = None
    discount_to: Decimal | None = None
    card: str = ""
    card_number: str = ""
    source: str = ""
    medium: str = ""
    campaign: str = ""
    origin: str = ""
    deleted: bool = False
    sort: str = REGISTERED
    fields: tuple[FieldTest, ...] = ()

    @classmethod
    def parse(cls, query: QueryDict | str) -> CustomerFilter:
        """Read a query string. A field nobody knows and a value that makes no sense count as absent."""
        query = QueryDict(query) if isinstance(query, str) else query
        found = {name: field.read(query.getlist(name)) for name, field in FIELDS.items()}
        given: dict[str, Any] = {name: value for name, value in found.items() if value is not None}
        return cls(**given, fields=parse_tests(dict(query.lists())))

    def as_query(self) -> str:
        """The one query string of this filter; "" for everybody, newest first. `parse` reads it back as the same."""
        return urlencode([*self._pairs(), *pairs_of(self.fields)])

    def without(self, name: str) -> CustomerFilter:
        """With that field as if it had not been given."""
        default = next(field.default for field in fields(self) if field.name == name)
        changed: dict[str, Any] = {name: default}
        return replace(self, **changed)

    def without_test(self, code: str) -> CustomerFilter:
        """Without what is asked of the custom field of this code."""
        return replace(self, fields=without(self.fields, code))

    def sorted_by(self, sort: str) -> CustomerFilter:
        """The same customers in that order; in the other direction when it is the order they have already."""
        return replace(self, sort=f"-{sort}" if self.sort == sort else sort)

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves anybody out, deleted ones aside."""
        return replace(self, sort=REGISTERED) != CustomerFilter()

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for name, field in FIELDS.items():
            value = getattr(self, name)
            if value != getattr(EVERYBODY, name):
                yield from ((name, text) for text in field.write(value))


EVERYBODY = CustomerFilter()
