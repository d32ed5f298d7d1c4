"""Block a sender: their mail is kept and no longer worked (F123)."""

from django.db import transaction

from accounts.models import Membership
from accounts.services.numbering import next_number
from channels.kinds import MailEvent, Outcome
from channels.models import BlockedSender, RawMail
from channels.models.raw_mail import RawMailQuerySet
from core.contacts import normalize_email
from core.database.queries import Query
from events.services.recording import record
from tickets.models import Inbox

_BLOCKS = Query(lambda one, domain: BlockedSender.objects.filter(address__in=(one, domain)))


class OneOfUs(Exception):
    """An inbox's own address or domain: blocking it would silence ourselves."""


def block_sender(*, address: str, agent: Membership) -> BlockedSender:
    """Block an address, or with "@domain" everybody there; blocking twice changes nothing.

    Raises core.contacts.NotAnAddress, OneOfUs.
    """
    wanted, own = _normalized(address), _own_addresses()
    if wanted in own or wanted in {f"@{one.rpartition('@')[2]}" for one in own}:
        raise OneOfUs
    with transaction.atomic():
        # A number may stay unused when two press at once.
        number = next_number("blocked_sender")
        row, is_new = BlockedSender.objects.get_or_create(
            address=wanted, defaults={"number": number, "blocked_by": agent}
        )
        if is_new:
            _sent_by(wanted).quarantined().update(outcome=Outcome.BLOCKED, reason=f"{wanted} is blocked.")
            record(MailEvent.SENDER_BLOCKED, subject=row, actor=agent.as_actor(), data={"address": wanted})
    return row


def unblock_sender(*, blocked: BlockedSender, agent: Membership) -> None:
    """From now on their mail is worked again; what came meanwhile can be accepted from the quarantine."""
    with transaction.atomic():
        data = {"address": blocked.address}
        record(MailEvent.SENDER_UNBLOCKED, subject=blocked, actor=agent.as_actor(), data=data)
        blocked.delete()
        mails = _sent_by(blocked.address).filter(outcome=Outcome.BLOCKED)
        mails = mails.exclude(sender__in=BlockedSender.objects.values("address"))
        mails.update(outcome=Outcome.QUARANTINED, reason="Came while its sender was blocked.")


def find_block(*, address: str) -> BlockedSender | None:
    """What blocks this sender: their own address before their domain."""
    domain = f"@{address.rpartition('@')[2]}"
    rows = {row.address: row for row in _BLOCKS.all(address, domain)}
    return rows.get(address) or rows.get(domain)


def _sent_by(address: str) -> RawMailQuerySet:
    """Mails from a blocked address or, with "@domain", from everybody there."""
    mails: RawMailQuerySet = RawMail.objects.all()
    return mails.filter(sender__endswith=address) if address.startswith("@") else mails.filter(sender=address)


def _own_addresses() -> frozenset[str]:
    return frozenset(Inbox.objects.values_list("address", flat=True))


def _normalized(address: str) -> str:
    text = address.strip().lower()
    is_domain = text.startswith("@")
    whole = normalize_email(f"anybody{text}" if is_domain else text)
    return f"@{whole.rpartition('@')[2]}" if is_domain else whole
