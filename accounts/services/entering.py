"""Have it written down who came in, who was refused, and whose password is another one.

A person signs in once for all workspaces: each of them that they are a member of is told.
"""

from collections.abc import Mapping

from django.db import transaction

from accounts.happenings import Happening, tell
from accounts.kinds import SYSTEM, Actor, ActorKind
from accounts.models import Membership, User
from accounts.tenancy import tenant_scope

# Whoever did not know the password is nobody we know.
SOMEBODY = Actor(ActorKind.SYSTEM, None, "Somebody")


def tell_entry(*, happening: Happening, user: User, ip: str) -> None:
    """Somebody who proved who they are signed in, or chose a password."""
    with transaction.atomic():
        for member in _memberships(user):
            _tell(happening, member, member.as_actor(), {"ip": ip})


def tell_refusal(*, email: str, ip: str) -> None:
    """Somebody typed an address and a password that do not belong together; an address nobody has is no news."""
    with transaction.atomic():
        for user in User.objects.filter(email=email.strip().lower()):
            for member in _memberships(user):
                _tell(Happening.SIGN_IN_REFUSED, member, SOMEBODY, {"ip": ip})


def tell_link_mailed(*, user: User) -> None:
    """Whoever asked for it need not be them."""
    with transaction.atomic():
        for member in _memberships(user):
            _tell(Happening.PASSWORD_LINK_MAILED, member, SYSTEM, {})


def tell_signed_out(*, user: User) -> None:
    """They ended their other sessions."""
    with transaction.atomic():
        for member in _memberships(user):
            _tell(Happening.SIGNED_OUT_EVERYWHERE, member, member.as_actor(), {})


def _memberships(user: User) -> list[Membership]:
    return list(Membership.objects.active().filter(user=user).select_related("user", "tenant").order_by("pk"))


def _tell(happening: Happening, member: Membership, actor: Actor, data: Mapping[str, str]) -> None:
    with tenant_scope(member.tenant):
        tell(happening, subject=member, actor=actor, data={"name": member.name, **data})
