"""The filter's fields as a form: a plain GET to the list, which reads the query string itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.forms import BoundField

from accounts.kinds import ActorKind
from accounts.services.listing import list_members
from core.languages import language_names
from customers.field_tests import FieldTest
from customers.filters import CustomerFilter
from customers.forms.filtering_fields import ANY, amount, choice, day, inputs_of, text
from customers.kinds import FieldTarget, PreferredChannel, Sex, Subscription
from customers.models import CustomField
from customers.services.tagging_customer import suggest_tags
from customers.stores import read_stores

NONE = "none"
MOST_TAGS = 100  # in the picker; another one stands there when it is chosen already
MONTHS = "January February March April May June July August September October November December".split()
SORTS = [
    *(("registered", "Registered, newest first"), ("-registered", "Registered, oldest first")),
    *(("name", "Name, A to Z"), ("-name", "Name, Z to A")),
    *(("seen", "Last seen, newest first"), ("-seen", "Last seen, oldest first")),
    *(("spent", "Spent, most first"), ("-spent", "Spent, least first")),
    *(("orders", "Orders, most first"), ("-orders", "Orders, least first")),
]
SEXES = [ANY, *((value, label) for value, label in Sex.choices if value), (NONE, "Not known")]
HAS = [ANY, ("yes", "Has one"), ("no", "Has none")]


@dataclass(frozen=True)
class Group:
    """Fields under one heading."""

    title: str
    fields: list[BoundField]


class FilterForm(forms.Form):
    """Shows one filter. Nobody validates it: CustomerFilter.parse reads what the browser sends."""

    use_required_attribute = False

    q = text("Name or contact", 320)
    sort = forms.ChoiceField(label="Order", choices=SORTS)
    mark = choice("Mark", [ANY, ("vip", "VIP"), ("bad", "BAD"), (NONE, "Neither")])
    manager = choice("Manager", [])
    store = choice("Store", [])
    sex = choice("Sex", SEXES)
    supposed_sex = choice("Supposed sex", SEXES)
    language = choice("Language", [])
    channel = choice(
        "Preferred channel", [ANY, *((v, label) for v, label in PreferredChannel.choices if v), (NONE, "None")]
    )
    time_zone = choice("Time zone", [])
    location = text("Location begins with", 200)
    note = choice("Note", HAS)
    note_has = text("Note says", 200)
    origin = choice("Made by", [ANY, *ActorKind.choices])
    tag = forms.MultipleChoiceField(label="Tags (all of them)", required=False, widget=forms.CheckboxSelectMultiple)
    email = choice("E-mail", HAS)
    phone = choice("Phone", HAS)
    subscription = choice(
        "Subscription", [ANY, *((v, label) for v, label in Subscription.choices if v), (NONE, "Not known")]
    )
    bounced = choice("Mail came back", [ANY, ("yes", "Yes"), ("no", "No")])
    birth_month = choice("Birthday in", [ANY, *((str(n), month) for n, month in enumerate(MONTHS, start=1))])
    born_from = day("Born from")
    born_to = day("Born until")
    registered_from = day("Registered from")
    registered_to = day("Registered until")
    seen = choice("Seen on chat", [ANY, ("ever", "At least once"), ("never", "Never")])
    seen_from = day("Last seen from")
    seen_to = day("Last seen until")
    orders_from = amount("Orders from")
    orders_to = amount("Orders up to")
    spent_from = amount("Spent from")
    spent_to = amount("Spent up to")
    discount_from = amount("Discount from, %")
    discount_to = amount("Discount up to, %")
    card = choice("Discount card", HAS)
    card_number = text("Number of the discount card", 50)
    source = text("Source", 255)
    medium = text("Medium", 255)
    campaign = text("Campaign", 255)
    deleted = choice("Deleted", [("", "Not deleted"), ("yes", "Deleted")])

    GROUPS = (
        ("", ("q", "sort")),
        (
            "Who",
            (
                *("mark", "manager", "store", "sex", "supposed_sex", "language", "channel", "location", "time_zone"),
                *("origin", "note", "note_has"),
            ),
        ),
        ("Reached by", ("email", "phone", "subscription", "bounced")),
        ("Tags", ("tag",)),
        ("Since when", ("registered_from", "registered_to", "seen", "seen_from", "seen_to", "deleted")),
        ("Birthday", ("birth_month", "born_from", "born_to")),
        (
            "Orders and discount",
            (
                *("orders_from", "orders_to", "spent_from", "spent_to", "discount_from", "discount_to"),
                *("card", "card_number"),
            ),
        ),
        ("Came from", ("source", "medium", "campaign")),
    )

    def __init__(self, chosen: CustomerFilter) -> None:
        super().__init__(initial=_initial(chosen), auto_id="filter-%s")
        members = list_members()
        named = [(str(one.number), one.name) for one in members]
        self._offer("manager", [ANY, ("me", "Me"), (NONE, "Nobody"), *named], chosen.manager)
        stores = [(str(one.number), one.name) for one in read_stores().values()]
        self._offer("store", [ANY, *stores, (NONE, "No store")], chosen.store)
        self._offer("language", [ANY, *language_names().items(), (NONE, "Not known")], chosen.language)
        self._offer("time_zone", [ANY, *_time_zones(), (NONE, "Not known")], chosen.time_zone)
        words = sorted({*suggest_tags(most=MOST_TAGS), *chosen.tag})
        self._offer("tag", [(word, word) for word in words])
        if not words:
            del self.fields["tag"]
        self._custom = list(self._add_custom(chosen))

    def groups(self) -> list[Group]:
        """Those with anything in them."""
        groups = []
        for title, names in (*self.GROUPS, ("Custom fields", self._custom)):
            if shown := [self[name] for name in names if name in self.fields]:
                groups.append(Group(title, shown))
        return groups

    def _offer(self, name: str, choices: list[tuple[str, str]], chosen: str = "") -> None:
        """One that is chosen stands among them, whoever offers it no more."""
        field: Any = self.fields[name]
        known = {value for value, _ in choices}
        field.choices = choices if chosen in known or not chosen else [*choices, (chosen, chosen)]

    def _add_custom(self, chosen: CustomerFilter) -> Iterator[str]:
        """Of the fields that admins put into filters, and of those asked about already."""
        tests = {test.code: test for test in chosen.fields}
        for field in CustomField.objects.of(FieldTarget.CUSTOMER).prefetch_related("options"):
            if (field.in_filter and field.is_active) or field.code in tests:
                for name, input_, initial in inputs_of(field, tests.get(field.code, FieldTest(field.code))):
                    self.fields[name], self.initial[name] = input_, initial
                    yield name


@cache
def _time_zones() -> tuple[tuple[str, str], ...]:
    # "Factory" and "localtime" stand in the list of zones and name none.
    return tuple((one, one.replace("_", " ")) for one in sorted(available_timezones()) if "/" in one or one == "UTC")


def _initial(chosen: CustomerFilter) -> dict[str, Any]:
    values = {name: getattr(chosen, name) for name in FilterForm.base_fields}
    return values | {"deleted": "yes" if chosen.deleted else "", "tag": list(chosen.tag)}
