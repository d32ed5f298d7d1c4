"""The list of customers: what somebody searches for, and in which order it comes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from customers.kinds import ContactKind
from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from customers.services.finding import spell
from customers.spelling import NotAnAddress

LONGEST_QUERY = 320  # characters
NEWEST, BY_NAME = "newest", "name"

# Text that is meant as a phone number: five digits or more, and only what people write between them.
_PHONE = re.compile(r"[+(]?(?:\d[\s().\-/]*){5,}(?:(?:x|ext\.?|#)\s*\d{1,7})?", re.IGNORECASE)


@dataclass(frozen=True)
class CustomerFilter:
    """`query` is a whole e-mail address, a whole phone number, or how a name begins."""

    query: str = ""
    order: str = NEWEST

    @classmethod
    def parse(cls, params: Mapping[str, str]) -> CustomerFilter:
        """Read a query string; what makes no sense in it counts as absent."""
        query = " ".join(params.get("q", "")[:LONGEST_QUERY].replace("\x00", "").split())
        by_name = query or params.get("order") == BY_NAME
        return cls(query, BY_NAME if by_name else NEWEST)

    @property
    def columns(self) -> tuple[str, ...]:
        """The order as keyset columns; each is an index of its own."""
        return ("name_folded", "id") if self.order == BY_NAME else ("-number",)

    def rows(self) -> CustomerQuerySet:
        """Those it finds, with their main contacts."""
        customers = Customer.objects.with_main_contacts()
        if not self.query:
            return customers
        for kind, reads_so in (
            (ContactKind.EMAIL, "@" in self.query),
            (ContactKind.PHONE, _PHONE.fullmatch(self.query)),
        ):
            if reads_so:
                try:
                    return customers.holding(kind, spell(kind=kind, typed=self.query).value)
                except NotAnAddress:
                    continue
        return customers.named_like(self.query)
