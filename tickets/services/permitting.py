"""Who may see and answer which inbox (D28), and why somebody may not (F112)."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from tickets.models import Inbox, InboxMember


@dataclass(frozen=True)
class Cell:
    """One inbox for one member."""

    inbox: Inbox
    may_answer: bool


@dataclass(frozen=True)
class AccessRow:
    """One member's inboxes. Of an admin and of who sees all, every cell is true."""

    member: Membership
    cells: tuple[Cell, ...]

    @property
    def is_chosen(self) -> bool:
        """Whether inboxes are chosen for them one by one."""
        return not (self.member.is_admin or self.member.sees_all_inboxes)

    @property
    def sees_nothing(self) -> bool:
        return not any(cell.may_answer for cell in self.cells)


@dataclass(frozen=True)
class Answerer:
    """One member beside an inbox; `gap` says why they may not answer it."""

    member: Membership
    gap: str

    @property
    def because(self) -> str:
        """Where the right comes from, "" without one."""
        if self.gap:
            return ""
        if self.member.is_admin:
            return f"{self.member.get_role_display()}: all inboxes"
        return "All inboxes" if self.member.sees_all_inboxes else "Chosen for this inbox"


def why_not(member: Membership, inbox: Inbox) -> str:
    """Why the member may not see and answer the inbox, "" when they may."""
    is_named = InboxMember.objects.filter(inbox=inbox, member=member).exists()
    return inbox.gap_of(member, is_named=is_named)


def has_inbox(member: Membership) -> bool:
    """Whether the member sees any inbox; asked of the database only for whom inboxes are chosen."""
    if member.is_admin or member.sees_all_inboxes:
        return True
    return Inbox.objects.visible_to(member).exists()


def list_inboxes() -> Sequence[Inbox]:
    """Every inbox of the workspace, in order of creation."""
    return list(Inbox.objects.order_by("number"))


def answerers_beside(inbox: Inbox) -> Sequence[Answerer]:
    """Every active member of the workspace, those who may answer the inbox first."""
    named = set(InboxMember.objects.filter(inbox=inbox).values_list("member_id", flat=True))
    members = Membership.objects.of_tenant(active_tenant_id()).active().order_by("number")
    found = [Answerer(one, inbox.gap_of(one, is_named=one.pk in named)) for one in members]
    return sorted(found, key=lambda one: bool(one.gap))


def read_access() -> Sequence[AccessRow]:
    """Members by inboxes, in three queries."""
    members = list(Membership.objects.of_tenant(active_tenant_id()).active().order_by("number"))
    named = set(InboxMember.objects.values_list("member_id", "inbox_id"))
    inboxes = list_inboxes()
    return [_row(member, inboxes, named) for member in members]


def read_access_of(member: Membership) -> AccessRow:
    """One line of it."""
    named = set(InboxMember.objects.filter(member=member).values_list("member_id", "inbox_id"))
    return _row(member, list_inboxes(), named)


def _row(member: Membership, inboxes: Sequence[Inbox], named: set[tuple[int, int]]) -> AccessRow:
    cells = (Cell(one, not one.gap_of(member, is_named=(member.pk, one.pk) in named)) for one in inboxes)
    return AccessRow(member, tuple(cells))
