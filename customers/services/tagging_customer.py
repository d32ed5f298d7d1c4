"""Put words on customers and take them off; the words in use are the workspace's tags of customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection, transaction

from accounts.kinds import Actor
from core.text import clean_text, fold
from customers.kinds import CustomerEvent
from customers.models import Customer, CustomerTag
from customers.services.taking_off import forget_likes
from events.services.recording import record

MOST = 50  # tags on one customer
LONGEST, LONGEST_FOLDED = 50, 60  # characters; folding may lengthen a word
OFFERED = 10

# One step of the index for each word that is found, however many customers carry it: DISTINCT would read them all.
_WORDS = """
WITH RECURSIVE word AS (
    (SELECT name, name_folded FROM {table} WHERE name_folded ^@ %(start)s ORDER BY name_folded LIMIT 1)
    UNION ALL
    SELECT next.name, next.name_folded FROM word, LATERAL (
        SELECT name, name_folded FROM {table}
        WHERE name_folded ^@ %(start)s AND name_folded > word.name_folded ORDER BY name_folded LIMIT 1
    ) next
)
SELECT name FROM word LIMIT %(most)s
"""


class TooManyTags(Exception):
    """A customer carries at most fifty tags."""


class BadTag(ValueError):
    """Empty, longer than 50 characters, or with a comma, which stands between tags."""


def tag_customer(*, customer: Customer, add: Sequence[str], remove: Sequence[str] = (), actor: Actor) -> frozenset[str]:
    """Words in any spelling; those already there, or already gone, change nothing. A word that others carry is spelled
    as theirs. Returns the words that came or went. Raises BadTag, TooManyTags.
    """
    coming = {fold(name): name for name in map(clean_tag, add)}
    going = {fold(name) for name in remove} - set(coming)
    with transaction.atomic():
        customer = Customer.objects.locked_unmerged(customer)
        carried = {tag.name_folded: tag for tag in CustomerTag.objects.filter(customer=customer)}
        gone = [tag for key, tag in carried.items() if key in going]
        new = {key: name for key, name in coming.items() if key not in carried}
        if not (gone or new):
            return frozenset()
        if len(carried) - len(gone) + len(new) > MOST:
            raise TooManyTags
        changed = _write(customer, gone, new, actor)
        _record(customer, actor)
    return changed


def clean_tag(name: str) -> str:
    """As a tag is written: one line, no outer blanks. Raises BadTag."""
    name = " ".join(clean_text(name).split())
    if not fold(name) or "," in name or len(name) > LONGEST or len(fold(name)) > LONGEST_FOLDED:
        raise BadTag(name[:100])
    return name


def suggest_tags(*, start: str = "", most: int = OFFERED) -> tuple[str, ...]:
    """The words in use that begin so, by name."""
    table = connection.ops.quote_name(CustomerTag._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(_WORDS.format(table=table), {"start": fold(start), "most": most})
        return tuple(name for (name,) in cursor.fetchall())


def _write(customer: Customer, gone: Sequence[CustomerTag], new: Mapping[str, str], actor: Actor) -> frozenset[str]:
    for tag in gone:
        forget_likes(row=tag, holder=customer)
        tag.sign(actor)
        tag.delete()
    spellings = _spellings(new)
    for key in sorted(new):
        tag = CustomerTag(customer=customer, name=spellings.get(key, new[key]), name_folded=key)
        tag.sign(actor)
        tag.save(force_insert=True)
    return frozenset({tag.name for tag in gone} | {spellings.get(key, name) for key, name in new.items()})


def _spellings(keys: Mapping[str, str]) -> dict[str, str]:
    """How words in use are spelled, by their folded form."""
    rows = (CustomerTag.objects.filter(name_folded=key).order_by("customer").values_list("name")[:1] for key in keys)
    return {fold(name): name for found in rows for (name,) in found}


def _record(customer: Customer, actor: Actor) -> None:
    record(
        CustomerEvent.EDITED,
        subject=customer,
        actor=actor,
        data={"fields": ["tags"]},
        customer_id=customer.pk,
        live=[customer.live_name],
        wakes=False,  # nothing that is compared
    )
