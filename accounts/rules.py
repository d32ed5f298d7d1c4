"""Who may do what in a workspace."""

from accounts.kinds import Role
from accounts.models import Membership


def can_administer(agent: Membership) -> bool:
    """Open settings, connect stores, switch sync."""
    return agent.is_admin


def roles_to_give(agent: Membership, member: Membership) -> tuple[Role, ...]:
    """Roles that the agent may give to the member, the present one included; empty when none.

    An owner is touched by nobody but themselves; only an owner makes another. Nobody lifts themselves up.
    """
    if not agent.is_admin or not member.is_active:
        return ()
    if member.is_owner and member.pk != agent.pk:
        return ()
    if agent.is_owner:
        return (Role.OWNER, Role.ADMIN, Role.AGENT)
    return (Role.ADMIN, Role.AGENT)


def roles_to_invite(agent: Membership) -> tuple[Role, ...]:
    """Roles that an invitation may carry. Owners are made of members, by another owner."""
    return (Role.AGENT, Role.ADMIN) if agent.is_admin else ()


def can_switch(agent: Membership, member: Membership) -> bool:
    """Deactivate or reactivate the member: never an owner, never oneself."""
    return agent.is_admin and not member.is_owner and member.pk != agent.pk
