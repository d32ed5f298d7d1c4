"""Who may do what with customers. Seeing and editing them is for the whole workspace (D28)."""

from accounts.models import Membership
from accounts.rules import can_administer


def can_export(agent: Membership) -> bool:
    """Take customers' data out of the workspace: a list as a file, or everything about one."""
    return can_administer(agent)


def can_erase(agent: Membership) -> bool:
    """Make what is known of a customer unknown, for good."""
    return can_administer(agent)


def can_merge(agent: Membership, *, is_for_admins: bool) -> bool:
    """Make one profile of two; `is_for_admins` is what the workspace says of it."""
    return not is_for_admins or can_administer(agent)


def can_unmerge(agent: Membership) -> bool:
    """Take merged profiles apart."""
    return can_administer(agent)
