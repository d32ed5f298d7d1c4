"""Make a fresh connection useful: check it, subscribe to its webhooks, and find the customers we know in it."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from customers.kinds import ContactKind
from customers.models import Customer, CustomerContact
from events.models import Event
from integrations.kinds import JobKind
from integrations.models import Connection
from integrations.services import connecting, refreshing
from integrations.services.batching import BATCH, start_job, work_batch
from jobs.models import Job


def prepare_connection(*, connection: Connection, at: datetime, cause: Event) -> None:
    """What follows a connecting, also a repeated one. Raises TryAgain or GiveUp where the store does."""
    connecting.check_connection(connection=connection, at=at)
    with connecting.calling(connection, at=at) as adapter:
        adapter.subscribe(callback_url(connection))
    with transaction.atomic():
        total = _reachable_customers().count()
    start_job(kind=JobKind.LINK_CUSTOMERS, connection=connection, total=total, cause=cause)


def callback_url(connection: Connection) -> str:
    """Where the store sends its webhooks: the hot door, outside every workspace."""
    return f"{settings.BASE_URL}/hooks/{connection.kind}/"


def link_batch(*, job: Job, connection: Connection, at: datetime, cause: Event) -> None:
    """One batch of looking up the customers we know. Raises Retryable as `batching.work_batch` does."""
    with transaction.atomic():
        found = _reachable_customers().filter(pk__gt=job.cursor["after"]).order_by("pk")[:BATCH]
        customers = {customer.pk: customer for customer in found}

    def link(customer_id: int) -> str:
        return refreshing.refresh_at(connection=connection, customer=customers[customer_id], at=at, cause=cause)

    work_batch(job=job, connection=connection, items=list(customers), work=link, at=at, cause=cause)


def _reachable_customers() -> QuerySet[Customer]:
    """Those a store can be asked about."""
    lines = CustomerContact.objects.filter(
        customer=OuterRef("pk"), contact__kind__in=(ContactKind.EMAIL, ContactKind.PHONE)
    )
    reachable: QuerySet[Customer] = Customer.objects.filter(Exists(lines))
    return reachable
