"""Invite people into a workspace by mail."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db import transaction

from accounts.happenings import Happening, tell
from accounts.kinds import Role
from accounts.models import Invitation, Membership
from core import broker, ratelimit

log = structlog.get_logger(__name__)

VALID_FOR = timedelta(hours=72)
TOKEN_BYTES = 32
PER_WORKSPACE = ratelimit.Limit("invite", burst=30, per_second=30 / 3600)
PER_ADDRESS = ratelimit.Limit("invite_address", burst=3, per_second=3 / 3600)


class IsMember(Exception):
    """The address belongs to a member of this workspace, active or not."""


class TooMany(Exception):
    """So many letters of this kind went out that more would be a nuisance."""


class Answered(Exception):
    """The invitation was accepted or revoked before."""


def invite(*, email: str, role: Role, by: Membership, at: datetime) -> Invitation:
    """Invite an address into the workspace of `by`; a worker mails the link. An earlier invitation of it is dead.

    Whether the person is known elsewhere is not asked. Call in the workspace's scope. Raises IsMember and TooMany.
    """
    email = email.strip().lower()
    if Membership.objects.of_tenant(by.tenant_id).filter(user__email=email).exists():
        raise IsMember
    _take_turn(by.tenant_id, email)
    with transaction.atomic():
        Invitation.objects.of_tenant(by.tenant_id).unanswered().filter(email=email).update(revoked_at=at)
        invitation = Invitation.objects.create(
            tenant_id=by.tenant_id,
            email=email,
            role=role,
            invited_by=by,
            token_digest=digest_of(new_token()),  # of a token nobody has: the worker makes the one it mails
            expires_at=at + VALID_FOR,
        )
        data = {"email": email, "role": str(role.label)}
        tell(Happening.INVITATION_SENT, subject=invitation, actor=by.as_actor(), data=data)
        _hand_over(invitation)
    log.info("invitation.sent", invitation=invitation.pk, role=str(role), by=by.pk)
    return invitation


def resend(*, invitation: Invitation, by: Membership, at: datetime) -> Invitation:
    """Mail a new link that is good for another 72 hours; the former one is dead at once. Raises Answered, TooMany."""
    _take_turn(invitation.tenant_id, invitation.email)
    with transaction.atomic():
        invitation = _locked(invitation)
        invitation.mark_renewed(token_digest=digest_of(new_token()), expires_at=at + VALID_FOR)
        data = {"email": invitation.email}
        tell(Happening.INVITATION_SENT_AGAIN, subject=invitation, actor=by.as_actor(), data=data)
        _hand_over(invitation)
    log.info("invitation.sent_again", invitation=invitation.pk, by=by.pk)
    return invitation


def revoke(*, invitation: Invitation, by: Membership, at: datetime) -> Invitation:
    """Close the way in. Raises Answered."""
    with transaction.atomic():
        invitation = _locked(invitation)
        invitation.mark_revoked(at=at)
        _tell_revoked(invitation, by)
    log.info("invitation.revoked", invitation=invitation.pk, by=by.pk)
    return invitation


def revoke_touching(*, member: Membership, by: Membership, at: datetime) -> None:
    """Close the ways in that a member opened in the workspace or was offered. Call inside a transaction."""
    for invitation in Invitation.objects.unanswered().touching(member).select_for_update().order_by("pk"):
        invitation.mark_revoked(at=at)
        _tell_revoked(invitation, by)


def new_token() -> str:
    """256 random bits, as text for a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _tell_revoked(invitation: Invitation, by: Membership) -> None:
    data = {"email": invitation.email}
    tell(Happening.INVITATION_REVOKED, subject=invitation, actor=by.as_actor(), data=data)


def _locked(invitation: Invitation) -> Invitation:
    found = Invitation.objects.unanswered().select_for_update().filter(pk=invitation.pk).first()
    if found is None:
        raise Answered
    return found


def _take_turn(tenant_id: int, email: str) -> None:
    if ratelimit.take(PER_ADDRESS, email) or ratelimit.take(PER_WORKSPACE, str(tenant_id)):
        raise TooMany


def _hand_over(invitation: Invitation) -> None:
    transaction.on_commit(partial(_send, invitation.pk), robust=True)


def _send(invitation_id: int) -> None:
    try:
        broker.send([("accounts.tasks.mail_invitation", {"invitation_id": invitation_id})])
    except broker.BrokerUnreachable:
        log.warning("invitation.waits", invitation=invitation_id)  # the sweep mails it
