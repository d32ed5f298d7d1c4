"""Filters that show messages: what agents wrote, whom a message went to, how long it may be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from core import clock
from core.templatetags.prose import prose
from tickets.bodies import show
from tickets.kinds import DeliveryState, RecipientKind
from tickets.models import Message, Recipient

register = template.Library()

_NAMED = 3  # names in the line; the rest are counted


@dataclass(frozen=True)
class Addressed:
    """`summary` is one line; `lists` is (To, Cc or Bcc, people) for who wants to see every address."""

    summary: str
    lists: tuple[tuple[str, tuple[Recipient, ...]], ...]


@register.filter
def written(message: Message) -> SafeString:
    """What an agent wrote, cleaned again whatever the row holds; pictures come from the message's own files only."""
    if not message.html:
        return prose(message.text)
    places = {f"cid:{one.content_id}": one.url for one in message.attachments if one.is_inline and one.file.is_image}
    return mark_safe(show(message.html, image=places.get))  # noqa: S308  cleaned down to the allow-list


@register.filter
def addressed(message: Message) -> Addressed | None:
    """Whom it was written to, of a message of a timeline; None where that goes without saying: to one inbox of ours."""
    rows = _recipients(message)
    if not rows or (message.is_inbound and len(rows) == 1):
        return None
    people_by_kind: dict[str, list[Recipient]] = {}
    for one in rows:
        people_by_kind.setdefault(one.kind, []).append(one)
    lists = [(str(kind.label), tuple(people_by_kind[kind])) for kind in RecipientKind if kind in people_by_kind]
    summary = ", ".join(f"{label.lower()} {_names(people)}" for label, people in lists)
    return Addressed(summary, tuple(lists))


@register.filter
def reached_at(message: Message) -> datetime | None:
    """When it got to its readers, or came back, of a message of a timeline; None where that is not known.

    When it was sent is near enough to the time of the message.
    """
    if message.delivery_state not in (DeliveryState.DELIVERED, DeliveryState.OPENED, DeliveryState.BOUNCED):
        return None
    times = [one.state_at for one in _recipients(message) if one.state == message.delivery_state and one.state_at]
    return max(times, default=None)


@register.simple_tag(takes_context=True)
def seconds_to_undo(context: Context, message: Message) -> int:
    """Whole seconds in which the reader, who must be its author, may take the message back; 0 when it is too late."""
    agent = getattr(getattr(context, "request", None), "agent", None)
    if agent is None or message.waits_until is None or message.author_member_id != agent.pk:
        return 0
    return max(0, round((message.waits_until - clock.now()).total_seconds()))


def _recipients(message: Message) -> list[Recipient]:
    """From what the timeline read along with the message."""
    rows = [Recipient(**one) for one in getattr(message, "recipient_list", ())]
    for one in rows:
        one.state_at = datetime.fromisoformat(str(one.state_at)) if one.state_at else None
    return rows


def _names(people: tuple[Recipient, ...]) -> str:
    names = [one.name or one.address for one in people[:_NAMED]]
    rest = len(people) - len(names)
    return ", ".join(names) + (f" and {rest} more" if rest else "")
