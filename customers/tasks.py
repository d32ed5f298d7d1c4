"""Work of customers on workers: each task fetches by id and calls one service."""

from celery import shared_task
from django.db import transaction

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from accounts.tenant_task import TenantTask
from core import clock
from customers.filters.exporting import read_export
from customers.services import batching, erasing, exporting, gathering
from customers.services.importing import undoing, working
from customers.services.suggesting import reacting as suggesting
from customers.services.suggesting import working as comparing
from events.models import Event
from events.services import reacting

# Of a million customers; what is given up then is begun anew.
LONGEST_EXPORT = 3600  # seconds
# Customers of whom something changed, compared by one worker one after another.
TOGETHER = 50
# That a worker gives one import before it looks for other work.
STRETCH = 20.0  # seconds


@shared_task(base=TenantTask)
def work_bulk(*, reaction_id: int, **_: object) -> None:
    """The next step of changing many customers."""
    with reacting.claimed(reaction_id, on_give_up=_fail_batch) as event:
        batching.work_step(job_id=event.data["job"], at=clock.now(), cause=event)


def _fail_batch(event: Event, reason: str) -> None:
    batching.BATCHES.fail(job_id=event.data["job"], reason=reason, at=clock.now())


@shared_task(base=TenantTask, time_limit=LONGEST_EXPORT, soft_time_limit=LONGEST_EXPORT - 60)
def write_export(*, reaction_id: int, **_: object) -> None:
    """A file of the customers of a list."""
    with reacting.claimed(reaction_id, on_give_up=_fail_export) as event:
        exporting.write_list(export_id=event.data["export"], read=read_export, at=clock.now())


@shared_task(base=TenantTask, time_limit=LONGEST_EXPORT, soft_time_limit=LONGEST_EXPORT - 60)
def write_person(*, reaction_id: int, **_: object) -> None:
    """A file of everything about one customer."""
    with reacting.claimed(reaction_id, on_give_up=_fail_export) as event:
        gathering.write_person(export_id=event.data["export"], at=clock.now())


def _fail_export(event: Event, reason: str) -> None:
    exporting.fail_export(export_id=event.data["export"], reason=reason, at=clock.now())


@shared_task(base=TenantTask, time_limit=LONGEST_EXPORT, soft_time_limit=LONGEST_EXPORT - 60)
def erase_customer(*, reaction_id: int, **_: object) -> None:
    """Everything that is known of one customer."""
    with reacting.claimed(reaction_id, on_give_up=_fail_erasure) as event:
        erasing.erase_customer(customer_id=event.subject_id, at=clock.now(), cause=event)


def _fail_erasure(event: Event, reason: str) -> None:
    erasing.fail_erasure(customer_id=event.subject_id, reason=reason, cause=event)


@shared_task
def sweep_exports(**_: object) -> None:
    """Files that were kept long enough."""
    for tenant in Tenant.objects.all():
        with transaction.atomic(), tenant_scope(tenant):
            exporting.sweep_expired(at=clock.now())


# A trial is not done in stretches.
@shared_task(base=TenantTask, time_limit=LONGEST_EXPORT, soft_time_limit=LONGEST_EXPORT - 60)
def work_import(*, reaction_id: int, **_: object) -> None:
    """A stretch of an import, of trying one, or of undoing one."""
    with reacting.claimed(reaction_id, on_give_up=_fail_import) as event:
        for work in (working.work_import, undoing.work_undoing):
            work(job_id=event.data["job"], at=clock.now(), cause=event, seconds=STRETCH)


def _fail_import(event: Event, reason: str) -> None:
    for fail in (working.fail_import, undoing.fail_undoing):
        fail(job_id=event.data["job"], reason=reason, at=clock.now())


@shared_task(base=TenantTask)
def compare_customer(*, reaction_id: int, **_: object) -> None:
    """Who may be the same person as a customer of whom something changed; and of others who changed meanwhile."""
    with reacting.claimed_together(reaction_id, most=TOGETHER) as batch:
        suggesting.work_batch(batch=batch, at=clock.now())


@shared_task(base=TenantTask)
def compare_imported(*, reaction_id: int, **_: object) -> None:
    """Who may be the same person as those whom an import has brought, or its undoing taken away."""
    with reacting.claimed(reaction_id) as event:
        suggesting.follow_import(event=event, at=clock.now())


@shared_task(base=TenantTask)
def work_comparison(*, reaction_id: int, **_: object) -> None:
    """A stretch of comparing all customers of the workspace."""
    with reacting.claimed(reaction_id, on_give_up=_fail_comparison) as event:
        comparing.work(job_id=event.data["job"], at=clock.now(), cause=event, seconds=STRETCH)


def _fail_comparison(event: Event, reason: str) -> None:
    comparing.fail(job_id=event.data["job"], reason=reason, at=clock.now())


@shared_task
def compare_changed(**_: object) -> None:
    """Each night, all customers of the workspaces in which something changed: what is common is counted anew."""
    for tenant in Tenant.objects.all():
        with tenant_scope(tenant):
            comparing.start_if_changed()
