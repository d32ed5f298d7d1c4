"""Remember whom a member opened last in the side panel, so that the panel can offer them again."""

from collections.abc import Sequence

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
    """The last opened first, with photo and main contacts; those deleted meanwhile are left out."""
    numbers = _numbers(member)
    if not numbers:
        return ()
    rows = Customer.objects.alive().filter(number__in=numbers).select_related("photo").with_main_contacts()
    known = {one.number: one for one in rows}
    return [known[number] for number in numbers if number in known]


def _numbers(member: Membership) -> list[int]:
    return list(read_preferences(member=member).get(OPENED, ()))
