"""How pages of accounts get what they show."""

from django.http import HttpRequest

from accounts.models import Membership, Tenant


def workspaces_of(request: HttpRequest) -> list[Membership]:
    """The memberships of the person signed in, by the workspace's name."""
    mine = Membership.objects.active().filter(user_id=request.user.pk)
    return list(mine.select_related("tenant").order_by("tenant__name", "pk"))


def members_of(tenant: Tenant) -> list[Membership]:
    """Every membership of a workspace, ended ones too, in order of joining."""
    return list(Membership.objects.of_tenant(tenant.pk).order_by("number"))
