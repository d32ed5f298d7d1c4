"""Find tickets by number, customer, order, or any word of subject and messages (F77)."""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import Q

from core.text import fold
from customers.kinds import ContactKind
from customers.models import Customer, CustomerContact
from customers.services.finding import find_contact
from integrations.models import Order
from tickets.models.ticket import TicketQuerySet

LONGEST = 200  # characters of a query; more is a pasted letter
NEWEST = 1000  # hits looked at per kind; the newest say most
NUMBER = re.compile(r"#?(\d{1,18})\Z")
# "Not not not …": beyond 32 of them PostgreSQL runs out of stack. Between them it passes over blanks and these signs.
NEGATIONS = re.compile(r"-(?:[\s!&()<|]*-)+")

# MATERIALIZED keeps the planner from walking the primary key backwards in the hope of an early match, which takes
# seconds for a rare word. The view is not bound by row-level security, so that the index is used; it repeats the
# condition on the tenant itself.
BY_WORDS = """
WITH hit AS MATERIALIZED (
    SELECT ticket_id, id FROM search_messages WHERE words @@ websearch_to_tsquery('simple', %(words)s)
    UNION ALL
    SELECT id, 0 FROM search_tickets WHERE words @@ websearch_to_tsquery('simple', %(words)s)
)
SELECT DISTINCT ticket_id FROM (SELECT ticket_id FROM hit ORDER BY id DESC LIMIT %(newest)s) AS newest
"""


def search(tickets: TicketQuerySet, words: str) -> TicketQuerySet:
    """Narrow `tickets`, which are already those somebody may see, to those that match."""
    words = words.strip()[:LONGEST]
    if not words:
        return tickets
    return tickets.filter(_by_number(words) | _by_customer(words) | Q(pk__in=_by_words(words)))


def _by_number(words: str) -> Q:
    found = NUMBER.match(words)
    return Q(number=int(found[1])) if found else Q(pk__in=())


def _by_customer(words: str) -> Q:
    """Whose name begins so, who holds this address or number, who placed the order of this name."""
    contacts = [find_contact(kind=kind, typed=words) for kind in (ContactKind.EMAIL, ContactKind.PHONE)]
    holders = CustomerContact.objects.filter(contact__in=[one for one in contacts if one])
    buyers = Order.objects.filter(name_folded__in={fold(words), fold(f"#{words}")})
    people = {
        *Customer.objects.named_like(words).values_list("pk", flat=True)[:NEWEST],
        *holders.values_list("customer_id", flat=True)[:NEWEST],
        *buyers.values_list("store_customer__customer_id", flat=True)[:NEWEST],
    }
    return Q(customer_id__in=people)


def _by_words(words: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(BY_WORDS, {"words": NEGATIONS.sub("-", words), "newest": NEWEST})
        return [row[0] for row in cursor.fetchall()]
