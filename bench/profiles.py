"""What is known of a customer of the benchmark beside name and addresses, spread unevenly, as in real shops."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models

from bench.loading import Table
from customers.field_values import number_key
from customers.models import CustomerFieldValue, CustomerSource, CustomerTag, CustomerTotals, Presence

# Columns of the customer's own row, in the order of `Profiles.details`.
DETAILS = ("sex", "supposed_sex", "manager_id", "store_number", "language", "birthday", "created_at")
LANGUAGES = ("en", "en", "en", "pt", "pt", "de", "fr", "ru")
TAGS = ("wholesale", "press", "friend", "slow payer", "trade fair", "returns often", "gift buyer")
CAMPAIGNS = ("spring", "summer", "autumn", "winter")
CITIES = ("Lisbon", "Porto", "Berlin", "Lyon", "Riga", "Split")

Row = tuple[type[models.Model], tuple[Any, ...]]


class Profiles:
    """Chances of its own: the rest of the population stays the same with and without it."""

    def __init__(self, seed: int, end: datetime, span: timedelta) -> None:
        self._chance = random.Random(seed + 2)
        self._end, self._span = end, span

    def details(self, number: int, many: int, agents: Sequence[int]) -> tuple[Any, ...]:
        """Values of DETAILS."""
        chance = self._chance
        sex = ("", *("female", "male") * 2)[number % 5]
        return (
            sex,
            sex or chance.choice(("female", "male", "")),
            chance.choice(agents) if number % 4 == 0 else None,
            1 if number % 5 < 2 else None,
            chance.choice(LANGUAGES),
            date(1950, 1, 1) + timedelta(days=chance.randrange(20_000)) if number % 3 == 0 else None,
            self._end - self._span * (1 - number / many),
        )

    def rows(self, number: int, fields: Sequence[int], options: Sequence[int]) -> Iterator[Row]:
        """Rows of other tables, without id and customer."""
        chance = self._chance
        if number % 4 == 1:
            yield Presence, (self._end - timedelta(days=90) * chance.random() ** 2,)
        if number % 5 < 2:
            yield CustomerTotals, (1 + number % 3, int(500 * chance.paretovariate(0.8)) % 10_000_000)
        if number % 10 == 3:
            yield CustomerSource, (chance.choice(CAMPAIGNS),)
        if number % 10 == 7:
            tag = TAGS[int(len(TAGS) * chance.random() ** 2)]
            yield CustomerTag, (tag, tag)
        if number % 5 == 0:
            choice, amount, city = fields
            place = chance.choice(CITIES)
            yield CustomerFieldValue, (choice, chance.choice(options), "", "", None)
            points = chance.randrange(1000)
            yield CustomerFieldValue, (amount, None, "", number_key(Decimal(points)), points)
            yield CustomerFieldValue, (city, None, place, place.lower(), None)

    def tables(self, tenant: int) -> dict[type[models.Model], Table]:
        """Where the rows go, of one workspace."""
        fixed = {"tenant_id": tenant}
        value = ("field_id", "option_id", "text", "key", "number")
        return {
            Presence: Table(Presence, ("id", "customer_id", "last_seen_at"), **fixed, evidence="ping"),
            CustomerTotals: Table(CustomerTotals, ("id", "customer_id", "orders", "spent"), **fixed, currency="EUR"),
            CustomerSource: Table(CustomerSource, ("id", "customer_id", "campaign"), **fixed, source="newsletter"),
            CustomerTag: Table(CustomerTag, ("id", "customer_id", "name", "name_folded"), **fixed),
            CustomerFieldValue: Table(CustomerFieldValue, ("id", "customer_id", *value), **fixed),
        }
