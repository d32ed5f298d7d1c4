"""Recurring work of files."""

from celery import shared_task
from django.db import transaction

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from files.services import storing


@shared_task
def sweep_orphans(**_: object) -> None:
    for tenant in Tenant.objects.all():
        with transaction.atomic(), tenant_scope(tenant):
            storing.sweep_orphans(tenant_id=tenant.pk, at=clock.now())
