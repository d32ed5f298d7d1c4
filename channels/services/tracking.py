"""Keep what is known of a message after it left: reports of delivery, bounces and openings, from whichever side.

One order decides everywhere (tickets.kinds.DeliveryState): reports come late, twice and in any order, and never take a
message back to where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from accounts.kinds import SYSTEM
from channels.models import Delivery
from channels.types import DeliveryReceipt, Report, Reported
from core.contacts import NotAnAddress, normalize_email
from customers.kinds import ContactKind
from customers.services import contacting
from events.models.notification import NotificationKind
from events.services.announcing import announce
from events.services.notifying import notify
from events.services.recording import record
from tickets.kinds import DeliveryState, MessageEvent
from tickets.models import Message, Recipient

STATES = {
    Reported.DELIVERED: DeliveryState.DELIVERED,
    Reported.OPENED: DeliveryState.OPENED,
    Reported.DELAYED: DeliveryState.SENT,
    Reported.BOUNCED: DeliveryState.BOUNCED,
    Reported.COMPLAINED: DeliveryState.DELIVERED,
}


def note_sent(*, message: Message, receipt: DeliveryReceipt, at: datetime) -> None:
    """The next mail system has a locked message, for everybody but those it refused. Call inside a transaction."""
    Delivery.objects.get(message=message).mark_sent(at=at, provider_id=receipt.provider_id)
    answers = {one.address.lower(): one.answer for one in receipt.refused}
    people = _people(message)
    for one in people:
        if one.address in answers:
            one.mark(DeliveryState.FAILED, at=at, detail=answers[one.address])
        else:
            _advance(one, DeliveryState.SENT, at)
    _sum_up(message, people)


def take_report(*, message: Message, report: Report, at: datetime) -> bool:
    """Take what a mail system says of one recipient; whether it is one whom the message really went to.

    Others are left alone: bounces are easily forged, and whoever has a letter of ours knows what it is called.
    Call inside a transaction.
    """
    message = Message.objects.select_related("ticket", "author_member__user").locked(message)
    people = _people(message) if message.is_outbound else []
    when = min(report.at or at, at)
    if people and report.what is Reported.OPENED and not report.recipient:
        note_opened(message=message, at=when)
        return True
    recipient = _find(people, report.recipient)
    if recipient is None:
        return False
    is_news = _take(recipient, _as_wanted(report, message, when), when)
    if report.what is Reported.COMPLAINED or (report.what is Reported.BOUNCED and report.permanent):
        contacting.mark_bounced(kind=ContactKind.EMAIL, value=recipient.address, at=at)
    if is_news:
        _sum_up(message, people)
    return True


def note_opened(*, message: Message, at: datetime) -> None:
    """The letter's picture was asked for: somebody opened it, who of several we do not know."""
    message = Message.objects.select_related("ticket").locked(message)
    delivery = Delivery.objects.filter(message=message, is_tracked=True).first()
    if delivery is None:
        return
    is_first = delivery.opened_at is None
    delivery.mark_opened(at=at)
    if is_first:
        people = _people(message)
        if len(people) == 1:
            _advance(people[0], DeliveryState.OPENED, at)
        _sum_up(message, people)


def _as_wanted(report: Report, message: Message, at: datetime) -> Report:
    """An opening of a letter that the workspace does not track says that it arrived, and no more."""
    if report.what is not Reported.OPENED:
        return report
    delivery = Delivery.objects.filter(message=message, is_tracked=True).first()
    if delivery is None:
        return replace(report, what=Reported.DELIVERED)
    if delivery.opened_at is None:
        delivery.mark_opened(at=at)
    return report


def _people(message: Message) -> list[Recipient]:
    people = list(Recipient.objects.filter(message=message).order_by("pk"))
    for one in people:
        # Of a message that left, whoever has no state was sent it before states were kept.
        one.state = one.state or (DeliveryState.SENT if message.has_left else "")
    return people


def _find(people: Sequence[Recipient], address: str) -> Recipient | None:
    if not address:
        return people[0] if len(people) == 1 else None
    try:
        wanted = normalize_email(address)
    except NotAnAddress:
        return None
    return next((one for one in people if one.address == wanted), None)


def _take(recipient: Recipient, report: Report, at: datetime) -> bool:
    """Whether the report says anything new."""
    has_it = recipient.state in (DeliveryState.DELIVERED, DeliveryState.OPENED)
    match report.what:
        case Reported.COMPLAINED:
            said = "Called spam by its reader"
            if recipient.detail == said or recipient.state == DeliveryState.BOUNCED:
                return False
            recipient.mark(_state(recipient).or_further(DeliveryState.DELIVERED), at=at, detail=said)
            return True
        case Reported.DELAYED:
            if has_it or recipient.state == DeliveryState.BOUNCED:
                return False
            recipient.mark(DeliveryState.SENT, at=at, detail=f"Put off, it is tried again: {report.detail}")
            return True
    return _advance(recipient, STATES[report.what], at, report.detail if report.what is Reported.BOUNCED else "")


def _advance(recipient: Recipient, state: DeliveryState, at: datetime, detail: str = "") -> bool:
    known = _state(recipient)
    if known.or_further(state) == known and recipient.state:
        return False
    # What stands beside a letter that arrived is a complaint, which opening it does not take back.
    is_kept = state == DeliveryState.OPENED and known == DeliveryState.DELIVERED
    recipient.mark(known.or_further(state), at=at, detail=recipient.detail if is_kept else detail)
    return True


def _state(recipient: Recipient) -> DeliveryState:
    return DeliveryState(recipient.state or DeliveryState.SENDING)


def _sum_up(message: Message, people: Sequence[Recipient]) -> None:
    """Write the sum of its recipients onto the message, and tell its author when nobody has it after all."""
    delivery = Delivery.objects.filter(message=message).first()
    was_opened = delivery is not None and delivery.opened_at is not None
    state = DeliveryState.of_all([_state(one) for one in people], was_opened=was_opened) if people else None
    state = state or DeliveryState.SENT
    is_news = state != message.delivery_state
    message.mark_delivery(state=state, detail=_said(people))
    if delivery is not None:
        delivery.mark(state=state, error=message.delivery_detail)
    announce(message.ticket.live_name)
    if state == DeliveryState.BOUNCED and is_news:
        _tell_author(message)


def _said(people: Sequence[Recipient]) -> str:
    """What went wrong, with whom of several."""
    if len(people) == 1:
        return people[0].detail
    openings = {DeliveryState.FAILED: "Not taken for", DeliveryState.BOUNCED: "Came back from"}
    groups: dict[str, list[str]] = {}
    for one in people:
        if one.detail:
            opening = openings.get(_state(one), "For")
            groups.setdefault(opening, []).append(f"{one.name or one.address} ({one.detail})")
    return "; ".join(f"{opening} {', '.join(told)}" for opening, told in groups.items())


def _tell_author(message: Message) -> None:
    event = record(
        MessageEvent.FAILED,
        subject=message,
        actor=SYSTEM,
        data={"message": message.pk, "reason": f"Came back: {message.delivery_detail}"[:500]},
        ticket_id=message.ticket_id,
        customer_id=message.ticket.customer_id,
        live=(message.ticket.live_name,),
    )
    if message.author_member is not None and message.author_member.is_active:
        notify(event=event, kind=NotificationKind.NOT_SENT, members=[message.author_member])
