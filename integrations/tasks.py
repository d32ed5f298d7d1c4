"""Background work of integrations: each task fetches by id and calls one service."""

from celery import shared_task
from django.conf import settings

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from accounts.tenant_task import TenantTask
from core import clock
from events.models import Event
from events.services import reacting
from integrations.services import aligning, batching, connecting, continuing, intaking, preparing, refreshing, syncing


@shared_task(base=TenantTask)
def push_note(*, reaction_id: int, **_: object) -> None:
    """After a note was saved here, or chosen."""
    with reacting.claimed(reaction_id, on_give_up=_fail_note) as event:
        if event.customer_id is not None:
            syncing.push_note(customer_id=event.customer_id, at=clock.now(), cause=event)


@shared_task(base=TenantTask)
def refresh_customer(*, reaction_id: int, **_: object) -> None:
    """When a customer contacts us (F39)."""
    with reacting.claimed(reaction_id) as event:
        if event.customer_id is not None:
            refreshing.refresh_customer(customer_id=event.customer_id, at=clock.now(), cause=event)


@shared_task(base=TenantTask)
def prepare_connection(*, reaction_id: int, **_: object) -> None:
    with reacting.claimed(reaction_id) as event:
        connection = connecting.find_connection(connection_id=event.data["connection"])
        preparing.prepare_connection(connection=connection, at=clock.now(), cause=event)


@shared_task(base=TenantTask)
def align_notes(*, reaction_id: int, **_: object) -> None:
    with reacting.claimed(reaction_id) as event:
        connection = connecting.find_connection(connection_id=event.data["connection"])
        aligning.align_notes(connection=connection, cause=event)


@shared_task(base=TenantTask)
def work_batch(*, reaction_id: int, **_: object) -> None:
    with reacting.claimed(reaction_id, on_give_up=_fail_job) as event:
        continuing.work_batch(job_id=event.data["job"], at=clock.now(), cause=event)


@shared_task(base=TenantTask)
def work_webhook(*, reaction_id: int, **_: object) -> None:
    with reacting.claimed(reaction_id, on_give_up=_give_up_webhook) as event:
        intaking.work_webhook(webhook_id=event.data["webhook"], at=clock.now(), cause=event)


@shared_task
def forget_old_webhooks(**_: object) -> None:
    before = clock.now() - settings.WEBHOOK_KEPT
    for tenant in Tenant.objects.all():
        with tenant_scope(tenant):
            intaking.forget_webhooks(before=before)


def _fail_note(event: Event, reason: str) -> None:
    if event.customer_id is not None:
        syncing.fail_note(customer_id=event.customer_id, reason=reason, cause=event)


def _fail_job(event: Event, reason: str) -> None:
    batching.fail_job(job_id=event.data["job"], reason=reason, at=clock.now())


def _give_up_webhook(event: Event, reason: str) -> None:
    intaking.give_up_webhook(webhook_id=event.data["webhook"], reason=reason, at=clock.now())
