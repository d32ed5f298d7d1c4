"""Which custom fields a member sees on customers' pages: all of them, until they put some away."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from accounts.models import Membership
from accounts.services.preferring import prefer, read_preferences
from customers.changes import CUSTOM
from customers.kinds import FieldTarget
from customers.models import CustomField

HIDDEN = "customer_page.hidden_fields"  # what is put away is kept, so that a new field shows


@dataclass(frozen=True)
class FieldChoice:
    """`code` is that of the fact: `custom_<code>`."""

    code: str
    label: str
    is_shown: bool


def read_choices(*, member: Membership) -> Sequence[FieldChoice]:
    """Every active field of customers, in their order, in two queries."""
    hidden = frozenset(read_preferences(member=member).get(HIDDEN, ()))
    fields = CustomField.objects.of(FieldTarget.CUSTOMER).active()
    return [FieldChoice(f"{CUSTOM}{one.code}", one.name, one.code not in hidden) for one in fields]


def choose_fields(*, member: Membership, shown: Collection[str]) -> None:
    """Show those of `shown`, the codes of facts, and put the other active ones away."""
    hidden = [one.code for one in read_choices(member=member) if one.code not in shown]
    prefer(member=member, key=HIDDEN, value=[code.removeprefix(CUSTOM) for code in hidden] or None)
