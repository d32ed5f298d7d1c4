"""Work a stored webhook: read what it says, ask the store where that matters, and note what came of it.

Headers are not signed, bodies may be hours old and come twice: every fact is a hint. What would lose something, such as
a deleted customer or an uninstalled app, is asked for at the store before it is believed.
"""

from datetime import datetime

from django.db import transaction

from core.retry import Permanent
from events.models import Event
from integrations.base import BadWebhook, GiveUp
from integrations.models import Connection, InboundWebhook, StoreCustomer
from integrations.registry import adapter_class
from integrations.services import connecting, hearing, linking, refreshing
from integrations.services.syncing import sync_note
from integrations.types import (
    CustomerChanged,
    CustomerDeleted,
    CustomersMerged,
    Ignored,
    OrderChanged,
    StoreFact,
    Uninstalled,
)

UNKNOWN = "not a customer we know"


def work_webhook(*, webhook_id: int, at: datetime, cause: Event) -> str:
    """Work one webhook and keep what came of it. Raises Retryable when the store must be asked again later.

    A webhook nobody can read, or one a store refuses to answer for, is done with: it says so and blocks nothing.
    """
    with transaction.atomic():
        webhook = InboundWebhook.objects.select_related("connection").get(pk=webhook_id)
    if webhook.worked_at is not None:
        return str(webhook.outcome)
    try:
        envelope = adapter_class(webhook.connection.kind).read_webhook(webhook.headers, bytes(webhook.body))
    except BadWebhook as error:
        return _close(webhook, f"cannot be read: {error}", at)
    try:
        outcomes = [_work(webhook, fact, at, cause) for fact in envelope.facts]
    except Permanent as error:
        return _close(webhook, f"refused: {error}", at)
    return _close(webhook, "; ".join(outcomes), at)


def give_up_webhook(*, webhook_id: int, reason: str, at: datetime) -> None:
    """The last attempt failed."""
    with transaction.atomic():
        _close(InboundWebhook.objects.get(pk=webhook_id), f"given up: {reason}", at)


def forget_webhooks(*, before: datetime) -> int:
    """Delete the active workspace's webhooks received before that moment; answers how many."""
    with transaction.atomic():
        deleted: int = InboundWebhook.objects.filter(received_at__lt=before).delete()[0]
    return deleted


def _close(webhook: InboundWebhook, outcome: str, at: datetime) -> str:
    with transaction.atomic():
        webhook.mark_worked(outcome=outcome, at=at)
    return outcome


def _work(webhook: InboundWebhook, fact: StoreFact, at: datetime, cause: Event) -> str:
    connection = webhook.connection
    match fact:
        case CustomerChanged():
            return _change_customer(connection, fact, at, cause)
        case CustomerDeleted():
            return _delete_customer(connection, fact, at, cause)
        case CustomersMerged():
            return _merge_customers(connection, fact, at, cause)
        case OrderChanged():
            return _change_order(webhook, fact, at, cause)
        case Uninstalled():
            return _uninstall(connection, fact, at)
        case Ignored():
            return f"{fact.topic} is not followed"


def _find_link(connection: Connection, remote_id: str | None) -> StoreCustomer | None:
    """Without the customer's row: most webhooks are dropped on what the link alone says."""
    if remote_id is None:
        return None
    with transaction.atomic():
        found: StoreCustomer | None = (
            StoreCustomer.objects.remote(connection.pk, remote_id).select_related("connection").first()
        )
    return found


def _change_customer(connection: Connection, fact: CustomerChanged, at: datetime, cause: Event) -> str:
    link = _find_link(connection, fact.remote_id)
    if link is None:
        return UNKNOWN
    if fact.note is None:
        return "nothing about the note"
    return hearing.hear_note(link=link, text=fact.note, stamp=fact.updated_at, at=at, cause=cause)


def _delete_customer(connection: Connection, fact: CustomerDeleted, at: datetime, cause: Event) -> str:
    link = _find_link(connection, fact.remote_id)
    if link is None:
        return UNKNOWN
    with connecting.calling(connection, at=at) as adapter:
        note = adapter.fetch_note(fact.remote_id)
    if note is not None:
        return "the store still has this customer"
    linking.unlink(link=link, actor=connection.as_actor(), cause=cause)
    sync_note(customer_id=link.customer_id, at=at, cause=cause)
    return "the customer is unlinked"


def _merge_customers(connection: Connection, fact: CustomersMerged, at: datetime, cause: Event) -> str:
    gone, kept = fact.deleted_remote_id, fact.kept_remote_id
    if not (_find_link(connection, gone) or _find_link(connection, kept)):
        return UNKNOWN
    with connecting.calling(connection, at=at) as adapter:
        is_merged = adapter.fetch_note(gone) is None and adapter.fetch_note(kept) is not None
    if not is_merged:
        return "the store still has both customers"
    linking.merge_links(connection=connection, kept_id=kept, gone_id=gone, cause=cause)
    link = _find_link(connection, kept)
    if link:
        refreshing.refresh_link(link=link, at=at, cause=cause)
    return "the link follows the merge"


def _change_order(webhook: InboundWebhook, fact: OrderChanged, at: datetime, cause: Event) -> str:
    link = _find_link(webhook.connection, fact.customer_remote_id)
    if link is None:
        return UNKNOWN
    if link.refreshed_at is not None and link.refreshed_at > webhook.received_at:
        return "the orders are newer than this"
    refreshing.refresh_link(link=link, at=at, cause=cause)
    return "the orders are refreshed"


def _uninstall(connection: Connection, fact: Uninstalled, at: datetime) -> str:
    """It may arrive after we were connected again: only the store's refusal of our token settles it."""
    if connection.is_disabled:
        return "the store is disconnected already"
    if fact.triggered_at is not None and fact.triggered_at < connection.connected_at:
        return "the store has been connected again since"
    try:
        connecting.check_connection(connection=connection, at=at)
    except GiveUp as error:
        if error.disables:
            return "the store is disconnected"
        raise
    return "the store still accepts us"
