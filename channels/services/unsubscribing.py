"""Take addresses off our automatic mail, as the mail itself offers (RFC 8058); what agents write still goes there."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import get_resolver

from accounts.kinds import SYSTEM
from accounts.tenancy import active_tenant_id, tenant_scope
from channels.kinds import MailEvent
from channels.models import Unsubscribed
from core.tokens import make_token, read_token
from events.services.recording import record
from tickets.models import Recipient

PURPOSE = "unsubscribe"


@dataclass(frozen=True)
class Subscription:
    """An address that got an automatic mail from an inbox of a workspace."""

    tenant_id: int
    address: str
    inbox: str
    is_on: bool


def unsubscribe_headers(*, message_id: int) -> tuple[tuple[str, str], ...]:
    """The fields of an automatic mail that let its reader have no more of them, by one press (RFC 2369, RFC 8058)."""
    token = make_token(PURPOSE, active_tenant_id(), message_id)
    # Not by reverse(): in a request of a workspace, its name would stand before the path.
    path = get_resolver().reverse("mail_unsubscribe", token)
    url = f"<{settings.BASE_URL}/{path}>"
    return ("List-Unsubscribe", url), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")


def find_subscription(*, token: str) -> Subscription | None:
    """What a token stands for; None when it is not ours, or its mail was erased."""
    numbers = read_token(PURPOSE, token, count=2)
    if numbers is None:
        return None
    tenant_id, message_id = numbers
    with tenant_scope(tenant_id), transaction.atomic():
        rows = Recipient.objects.filter(message=message_id, message__is_automatic=True)
        row = rows.select_related("message__ticket__inbox").first()
        if row is None:
            return None
        inbox = row.message.ticket.inbox
        is_on = not Unsubscribed.objects.filter(address=row.address).exists()
        return Subscription(tenant_id, row.address, inbox.sender_name or inbox.name, is_on)


def unsubscribe(*, subscription: Subscription) -> None:
    """No more automatic mail to the address; twice changes nothing."""
    with tenant_scope(subscription.tenant_id), transaction.atomic():
        row, is_new = Unsubscribed.objects.get_or_create(address=subscription.address)
        if is_new:
            record(MailEvent.UNSUBSCRIBED, subject=row, actor=SYSTEM, data={"address": row.address})


def subscribe(*, subscription: Subscription) -> None:
    """Automatic mail goes to the address again."""
    with tenant_scope(subscription.tenant_id), transaction.atomic():
        row = Unsubscribed.objects.filter(address=subscription.address).first()
        if row is not None:
            record(MailEvent.SUBSCRIBED, subject=row, actor=SYSTEM, data={"address": row.address})
            row.delete()
