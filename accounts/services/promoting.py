"""Change what a member may do."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.happenings import Happening, tell
from accounts.kinds import Role
from accounts.models import Membership
from accounts.services import inviting
from core.live import end_streams_of

log = structlog.get_logger(__name__)


class LastOwner(Exception):
    """A workspace without an owner would be nobody's."""


def change_role(*, member: Membership, role: Role, by: Membership, at: datetime) -> Membership:
    """Give a role; who may was asked at the edge. Open pages of the member are fetched again with the new rights.

    Whoever is no admin any more has invited nobody: their open invitations are revoked. Raises LastOwner.
    """
    with transaction.atomic():
        # All owners of the workspace are locked: two who step down at once must not both be let go.
        owners = list(Membership.objects.owners().filter(tenant=member.tenant_id).select_for_update().order_by("pk"))
        member = Membership.objects.locked(member)
        before = Role(member.role)
        if before == role:
            return member
        if member.is_owner and not [one for one in owners if one.is_active and one.pk != member.pk]:
            raise LastOwner
        member.mark_role(role=role)
        data = {"name": member.name, "before": str(before.label), "after": str(role.label)}
        tell(Happening.ROLE_CHANGED, subject=member, actor=by.as_actor(), data=data)
        if not member.is_admin:
            inviting.revoke_touching(member=member, by=by, at=at)
        end_streams_of(member.number)
    log.info("member.role_changed", member=member.pk, before=str(before), after=str(role), by=by.pk)
    return member
