"""Nouns of accounts."""

from accounts.models.invitation import Invitation
from accounts.models.membership import Membership
from accounts.models.number import NumberSequence
from accounts.models.preference import MemberPreference
from accounts.models.route import Route
from accounts.models.setting import WorkspaceSetting
from accounts.models.team import Team, TeamMember
from accounts.models.tenant import Tenant
from accounts.models.user import User

__all__ = [
    "Invitation",
    "MemberPreference",
    "Membership",
    "NumberSequence",
    "Route",
    "Team",
    "TeamMember",
    "Tenant",
    "User",
    "WorkspaceSetting",
]
