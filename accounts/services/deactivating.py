"""Close a workspace to a member, and open it again."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.happenings import Happening, tell
from accounts.models import Membership, User
from accounts.services import entering, inviting
from core.live import end_streams_of

log = structlog.get_logger(__name__)


class OwnerStays(Exception):
    """An owner cannot be removed (D28)."""


def deactivate_member(*, member: Membership, by: Membership, at: datetime) -> Membership:
    """End a membership at once: pages, streams and invitations; nothing of their work is lost. Raises OwnerStays.

    Somebody who has other workspaces stays signed in there: here each request asks for the membership anew.
    """
    with transaction.atomic():
        member = Membership.objects.locked(member)
        if member.is_owner:
            raise OwnerStays
        if not member.is_active:
            return member
        member.mark_inactive()
        tell(Happening.MEMBER_DEACTIVATED, subject=member, actor=by.as_actor(), data={"name": member.name})
        inviting.revoke_touching(member=member, by=by, at=at)
        if not Membership.objects.active().filter(user=member.user_id).exists():
            member.user.mark_sessions_ended()
        end_streams_of(member.number)
    log.info("member.deactivated", member=member.pk, by=by.pk)
    return member


def reactivate_member(*, member: Membership, by: Membership) -> Membership:
    """Let a former member in again, with the role they had."""
    with transaction.atomic():
        member = Membership.objects.locked(member)
        if member.is_active:
            return member
        member.mark_active()
        tell(Happening.MEMBER_REACTIVATED, subject=member, actor=by.as_actor(), data={"name": member.name})
    log.info("member.reactivated", member=member.pk, by=by.pk)
    return member


def sign_out_everywhere(*, user: User) -> None:
    """End every session of a person; the edge may keep the one that asked."""
    with transaction.atomic():
        user.mark_sessions_ended()
        entering.tell_signed_out(user=user)
    log.info("person.signed_out_everywhere", user=user.pk)
