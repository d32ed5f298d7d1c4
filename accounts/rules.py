"""Who may do what in a workspace."""

from accounts.models import Membership


def can_administer(agent: Membership) -> bool:
    """Open settings, connect stores, switch sync."""
    return agent.is_admin
