"""How pages of accounts get what they show."""

from accounts.models import Membership, Tenant, User


def workspaces_of(user: User) -> list[Membership]:
    """A person's memberships, by the workspace's name."""
    mine = Membership.objects.active().filter(user=user)
    return list(mine.select_related("tenant").order_by("tenant__name", "pk"))


def members_of(tenant: Tenant) -> list[Membership]:
    """Every membership of a workspace, ended ones too, in order of joining."""
    return list(Membership.objects.of_tenant(tenant.pk).order_by("number"))


async def is_active_member(agent: Membership) -> bool:
    """Whether the membership still holds, asked anew."""
    return await Membership.objects.active().filter(pk=agent.pk).aexists()
