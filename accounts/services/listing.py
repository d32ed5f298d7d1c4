"""Who works in the workspace."""

from collections.abc import Sequence

from accounts.models import Membership
from accounts.tenancy import active_tenant_id


def list_members() -> Sequence[Membership]:
    """Everybody who is active, by name."""
    return list(Membership.objects.active().of_tenant(active_tenant_id()).order_by("user__name", "number"))
