"""Fill the variables of canned replies and signatures: allow-listed names and plain substitution, never a template."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from accounts.models import Membership
from customers.models import Customer
from integrations.models import Order
from tickets.models import Inbox, Ticket

# Every name there is, and what the page says of it.
VARIABLES: Mapping[str, str] = {
    "customer.first_name": "The customer's first name",
    "customer.name": "The customer's whole name",
    "customer.email": "The customer's main e-mail address",
    "ticket.number": "The ticket's number",
    "ticket.subject": "The ticket's subject",
    "agent.name": "Your whole name",
    "agent.first_name": "Your first name",
    "inbox.name": "The inbox's name",
    "order.name": "The customer's latest order, such as #1001",
}
# {{name}} or {{name|what to say when it is not known}}. No part can match in two ways, so it takes linear time.
_VARIABLE = re.compile(r"\{\{[ \t]*([a-z_]+\.[a-z_]+)[ \t]*(?:\|([^{}<>|]*))?\}\}")
_ANY = re.compile(r"\{\{([^{}]*)\}\}")
_TAG = re.compile(r"<[^<>]*>")


def fill(*, html: str, values: Mapping[str, str]) -> str:
    """`html` with its variables replaced by escaped values, once: what a value says is never looked at again.

    A known name without a value becomes its default, else nothing; every other name stays as it stands. The result is
    as trustworthy as `html` was: whoever shows it sanitizes it.
    """

    def replace(found: re.Match[str]) -> str:
        name, otherwise = found.groups()
        if name not in VARIABLES:
            return found[0]
        value = " ".join(values.get(name, "").split())
        return escape(value) if value else (otherwise or "").strip()

    return _VARIABLE.sub(replace, html)


def unknown_names(html: str) -> tuple[str, ...]:
    """What stands in double braces and will not be filled, as it reads; in order, each once."""
    found = []
    for match in _ANY.finditer(_TAG.sub("", html)):
        whole = _VARIABLE.fullmatch(match[0])
        is_split = match[0] not in html  # formatting begins inside the braces
        if whole is None or whole[1] not in VARIABLES or is_split:
            found.append(match[0])
    return tuple(dict.fromkeys(found))


def read_values(*, ticket: Ticket | None, agent: Membership | None, inbox: Inbox | None) -> dict[str, str]:
    """What the variables stand for here; names without a value are left out. At most two queries."""
    values = {"agent.name": agent.name, "agent.first_name": agent.name.split(" ")[0]} if agent else {}
    if inbox is not None:
        values["inbox.name"] = inbox.name
    if ticket is not None:
        values |= {"ticket.number": str(ticket.number), "ticket.subject": ticket.subject}
    if ticket is not None and ticket.customer_id:
        values |= _of_customer(ticket.customer_id)
    return {name: value for name, value in values.items() if value}


def _of_customer(customer_id: int) -> dict[str, str]:
    customer: Any = Customer.objects.with_main_contacts().get(pk=customer_id)
    order = Order.objects.of_customer(customer_id).newest_first().first()
    return {
        "customer.first_name": customer.first_name,
        "customer.name": customer.full_name,
        "customer.email": customer.email or "",
        "order.name": order.name if order else "",
    }
