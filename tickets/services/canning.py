"""Canned replies: keep them, and find the one to insert."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.kinds import SYSTEM, Actor
from accounts.models import Membership
from accounts.services.numbering import next_number
from core.html import html_to_text
from core.text import clean_text, excerpt, fold
from events.services.recording import record
from events.wording import list_changes
from tickets.kinds import CannedReplyEvent
from tickets.models import CannedReply, Inbox, Ticket
from tickets.services import filling

# What the menu shows at once; typing narrows it.
MOST_SHOWN = 20
LABELS = {"title": "Title", "text": "Text", "inbox": "For", "member": "Whose"}


@dataclass(frozen=True)
class Option:
    """A canned reply, filled for where it would be inserted."""

    number: int
    title: str
    html: str
    preview: str
    is_personal: bool


@dataclass(frozen=True)
class Described:
    """A canned reply as its page lists it; `unknown` are the variables that will not be filled."""

    reply: CannedReply
    preview: str
    unknown: tuple[str, ...]


def describe_replies(*, member: Membership) -> list[Described]:
    """All that the member may insert, by title."""
    return [
        Described(row, excerpt(html_to_text(row.html), 160), filling.unknown_names(row.html))
        for row in replies_of(member)
    ]


def replies_of(member: Membership) -> Sequence[CannedReply]:
    """All that the member may insert somewhere: their own and everybody's, of inboxes they see; by title."""
    rows = _visible(member).select_related("inbox", "member")
    return sorted(rows, key=lambda row: (fold(row.title), row.number))


def find_reply(*, member: Membership, number: int) -> CannedReply | None:
    """One of those by its number."""
    return _visible(member).filter(number=number).select_related("inbox", "member").first()


def offer(*, member: Membership, ticket: Ticket | None, inbox: Inbox | None, words: str) -> list[Option]:
    """What fits here, filled; those whose title begins with the words come first, then those that hold all of them."""
    wanted = fold(words)
    rows = [row for row in replies_of(member) if row.inbox_id is None or (inbox and row.inbox_id == inbox.pk)]
    found = [row for row in rows if all(word in fold(f"{row.title} {row.html}") for word in wanted.split())]
    found.sort(key=lambda row: (not fold(row.title).startswith(wanted), not wanted or wanted not in fold(row.title)))
    values = filling.read_values(ticket=ticket, agent=member, inbox=inbox)
    return [_option(row, filling.fill(html=row.html, values=values)) for row in found[:MOST_SHOWN]]


def add_reply(
    *, title: str, html: str, member: Membership | None, inbox: Inbox | None, actor: Actor = SYSTEM
) -> CannedReply:
    """`member` None: everybody's."""
    with transaction.atomic():
        number = next_number("canned_reply")
        reply = CannedReply.objects.create(
            number=number, title=clean_text(title).strip(), html=clean_text(html), member=member, inbox=inbox
        )
        if reply.is_shared:
            record(CannedReplyEvent.ADDED, subject=reply, actor=actor, data={"title": reply.title})
    return reply


def change_reply(
    *,
    reply: CannedReply,
    title: str,
    html: str,
    member: Membership | None,
    inbox: Inbox | None,
    actor: Actor = SYSTEM,
) -> CannedReply:
    with transaction.atomic():
        before, was_shared = _in_words(reply), reply.is_shared
        reply.title, reply.html, reply.member, reply.inbox = clean_text(title).strip(), clean_text(html), member, inbox
        reply.save()
        changes = list_changes(before, _in_words(reply), labels=LABELS)
        if changes and (was_shared or reply.is_shared):
            data = {"title": reply.title, "changes": changes}
            record(CannedReplyEvent.CHANGED, subject=reply, actor=actor, data=data)
    return reply


def remove_reply(*, reply: CannedReply, actor: Actor = SYSTEM) -> None:
    """What was written with it stays as it was sent."""
    with transaction.atomic():
        if reply.is_shared:
            record(CannedReplyEvent.DELETED, subject=reply, actor=actor, data={"title": reply.title})
        reply.delete()


def _in_words(reply: CannedReply) -> dict[str, str]:
    return {
        "title": reply.title,
        "text": html_to_text(reply.html),
        "inbox": reply.inbox.name if reply.inbox else "all inboxes",
        "member": reply.member.name if reply.member else "everybody",
    }


def _visible(member: Membership) -> QuerySet[CannedReply]:
    own = Q(member=None) | Q(member=member)
    seen = Q(inbox=None) | Q(inbox__in=Inbox.objects.visible_to(member))
    return CannedReply.objects.filter(own & seen)


def _option(row: CannedReply, html: str) -> Option:
    text = html_to_text(html)
    return Option(row.number, row.title, html, excerpt(text, 600) if len(text) > 600 else text, bool(row.member_id))
