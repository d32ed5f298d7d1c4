"""Come in by an invitation."""

from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from accounts.happenings import Happening, tell
from accounts.kinds import Role
from accounts.models import Invitation, Membership, User
from accounts.models.invitation import InvitationQuerySet
from accounts.services.inviting import digest_of
from accounts.services.opening import AlreadyMember, add_member
from accounts.tenancy import tenant_scope

log = structlog.get_logger(__name__)


class NotValid(Exception):
    """The invitation was used, is too old, was revoked, or never was; which of them is not said."""


class SomebodyElse(Exception):
    """The invitation is for another address than the one that is signed in."""


class SignInFirst(Exception):
    """The address belongs to somebody who has a password: the link alone lets nobody in as them."""


def find_valid(*, token: str, at: datetime) -> Invitation | None:
    """The invitation that a link leads to, while it holds."""
    found = _valid(token, at).select_related("tenant", "invited_by__user").first()
    if found is None or User.objects.filter(email=found.email, is_active=False).exists():
        return None
    return found


def must_sign_in(*, invitation: Invitation) -> bool:
    """Whether the address belongs to somebody who can sign in."""
    user = User.objects.filter(email=invitation.email).first()
    return user is not None and user.has_usable_password()


def accept(*, token: str, user: User, at: datetime) -> Membership:
    """Make the person who is signed in a member. Raises NotValid and SomebodyElse."""
    with transaction.atomic():
        invitation = _take(token, at)
        if user.email != invitation.email:
            raise SomebodyElse
        return _let_in(invitation, at)


def accept_as_new(*, token: str, name: str, password: str, at: datetime) -> Membership:
    """Make somebody a member who sets their first password now: the letter reached them, so the address is theirs.

    Raises NotValid, and SignInFirst when the person has a password.
    """
    with transaction.atomic():
        invitation = _take(token, at)
        if must_sign_in(invitation=invitation):
            raise SignInFirst
        user = User.objects.filter(email=invitation.email).first() or _make_person(invitation.email)
        user.mark_first_password(name=name, password=password)
        return _let_in(invitation, at)


def _valid(token: str, at: datetime) -> InvitationQuerySet:
    return Invitation.objects.pending(at).by_admins().filter(token_digest=digest_of(token))


def _take(token: str, at: datetime) -> Invitation:
    """Locked: of two who follow the link at once the second finds it used."""
    invitation = _valid(token, at).select_related("tenant").select_for_update(of=("self",)).first()
    if invitation is None or find_valid(token=token, at=at) is None:
        raise NotValid
    return invitation


def _make_person(email: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(email)
    except IntegrityError as error:
        raise SignInFirst from error  # somebody with this address came in a moment ago


def _let_in(invitation: Invitation, at: datetime) -> Membership:
    try:
        with transaction.atomic():
            member = add_member(tenant=invitation.tenant, email=invitation.email, role=Role(invitation.role))
            _tell(member)
    except AlreadyMember:
        # Made a member by other means meanwhile. One who was sent away does not come back by an old letter.
        members = Membership.objects.active().select_related("tenant", "user")
        found = members.filter(tenant=invitation.tenant_id, user__email=invitation.email).first()
        if found is None:
            raise NotValid from None
        member = found
    invitation.mark_accepted(at=at)
    log.info("invitation.accepted", invitation=invitation.pk, member=member.pk)
    return member


def _tell(member: Membership) -> None:
    data = {"name": member.name, "role": str(member.get_role_display())}
    with tenant_scope(member.tenant):
        tell(Happening.MEMBER_JOINED, subject=member, actor=member.as_actor(), data=data)
