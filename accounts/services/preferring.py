"""What a member chose for their own pages: the columns of a list, whether the card shows everything."""

from typing import Any

from accounts.models import MemberPreference, Membership


def read_preferences(*, member: Membership) -> dict[str, Any]:
    """All of them by key, in one query."""
    return dict(MemberPreference.objects.filter(member=member).values_list("key", "value"))


def prefer(*, member: Membership, key: str, value: Any) -> None:
    """Remember a choice; None forgets it. The value was checked at the edge."""
    if value is None:
        MemberPreference.objects.filter(member=member, key=key).delete()
    else:
        MemberPreference.objects.update_or_create(member=member, key=key, defaults={"value": value})
