"""Remember whom a member opened last in the side panel, so that the panel can offer them again."""

from collections.abc import Sequence

from django.db.models import QuerySet

from accounts.models import Membership
from accounts.services.preferring import prefer, read_preferences
from customers.models import Customer

OPENED = "sidebar.opened"
MOST = 8  # customers


def remember_opened(*, customer: Customer, member: Membership) -> None:
    """Put the customer first; the same one twice changes nothing."""
    numbers = _numbers(member)
    if numbers[:1] != [customer.number]:
        others = [number for number in numbers if number != customer.number]
        prefer(member=member, key=OPENED, value=[customer.number, *others][:MOST])


def read_opened(*, member: Membership) -> Sequence[Customer]:
    """The last opened first, with photo and main contacts; those deleted meanwhile are left out, and whoever was merged
    is the one they were merged into.
    """
    ids = _follow(_numbers(member))
    if not ids:
        return ()
    rows = Customer.objects.alive().filter(pk__in=ids).select_related("photo").with_main_contacts()
    known = {one.pk: one for one in rows}
    return [known[pk] for pk in ids if pk in known]


def _follow(numbers: Sequence[int]) -> list[int]:
    """The ids of who has by now what was these customers', each once; a query, and one for each merge in a row."""
    if not numbers:
        return []
    read = ("pk", "merged_into")
    found = {number: (pk, into) for number, pk, into in _rows(number__in=numbers).values_list("number", *read)}
    way = dict(found.values())
    while further := {into for into in way.values() if into and into not in way}:
        way |= dict(_rows(pk__in=further).values_list(*read))
    tops = []
    for pk, _ in (found[number] for number in numbers if number in found):
        while (into := way[pk]) is not None:
            pk = into
        tops.append(pk)
    return list(dict.fromkeys(tops))


def _rows(**wanted: object) -> QuerySet[Customer]:
    rows: QuerySet[Customer] = Customer.objects.filter(**wanted)
    return rows


def _numbers(member: Membership) -> list[int]:
    return list(read_preferences(member=member).get(OPENED, ()))
