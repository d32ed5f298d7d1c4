"""Open workspaces and let people in."""

from django.db import IntegrityError, transaction

from accounts.happenings import Happening, tell
from accounts.kinds import RESERVED_SLUGS, SYSTEM, Role
from accounts.models import Membership, Tenant, User
from accounts.services.numbering import next_number
from accounts.tenancy import tenant_scope


class SlugTaken(Exception):
    """The name is reserved for the product's own URLs, or another workspace has it."""


class AlreadyMember(Exception):
    """The person has a membership of this workspace."""


def open_workspace(*, slug: str, name: str) -> Tenant:
    """Create a workspace. Raises SlugTaken, or ValidationError for a slug that is no host label or a bad name."""
    tenant = Tenant(slug=slug, name=name)
    tenant.clean_fields()
    if slug in RESERVED_SLUGS:
        raise SlugTaken(f"{slug} is reserved")
    try:
        with transaction.atomic():
            tenant.save()
    except IntegrityError as error:
        raise SlugTaken(f"there is a workspace called {slug}") from error
    return tenant


def add_member(
    *, tenant: Tenant, email: str, role: Role = Role.AGENT, name: str = "", password: str | None = None
) -> Membership:
    """Make a person a member; a person we do not know yet is created. Raises AlreadyMember.

    The password is set only for a new person: a workspace must not change how somebody signs in elsewhere.
    """
    with transaction.atomic(), tenant_scope(tenant):
        user = User.objects.filter(email=email.strip().lower()).first()
        user = user or User.objects.create_user(email, password, name=name)
        if Membership.objects.filter(tenant=tenant, user=user).exists():
            raise AlreadyMember(f"{email} is a member of {tenant.slug}")
        return Membership.objects.create(tenant=tenant, user=user, role=role, number=next_number("member"))


def let_in(*, tenant: Tenant, email: str, role: Role, name: str, password: str | None) -> Membership:
    """As `add_member`, by whoever runs the helpdesk, without an invitation: that is told. Raises AlreadyMember."""
    with transaction.atomic(), tenant_scope(tenant):
        member = add_member(tenant=tenant, email=email, role=role, name=name, password=password)
        data = {"name": member.name, "role": str(member.get_role_display())}
        tell(Happening.MEMBER_JOINED, subject=member, actor=SYSTEM, data=data)
    return member
