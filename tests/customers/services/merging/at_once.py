"""Acts at one moment, each in a thread and a connection of its own, and two customers to act on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.belongings import all_moved
from customers.models import Customer, Merge
from customers.services.merging.joining import merge_customers
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer

ROUNDS = 6


def together(acme: Tenant, *acts: Callable[[], Any]) -> list[BaseException]:
    """Run each in a thread and connection of its own, at one moment; what they raised."""
    start, raised = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            with tenant_scope(acme):
                start.wait(timeout=10)
                act()
        except BaseException as error:  # noqa: BLE001  shown by the test
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def merge(survivor: Customer, other: Customer) -> Merge:
    return merge_customers(survivor=survivor, other=other, actor=ADA, at=NOON)


def make_two() -> tuple[Customer, Customer]:
    one, other = make_customer(), make_customer("Anna", "")
    make_contact(one, f"one{one.pk}@a.example", is_primary=True)
    make_contact(other, f"other{other.pk}@a.example", is_primary=True)
    return one, other


def stranded() -> list[str]:
    """Rows that stand on profiles nobody looks at."""
    merged = Customer.objects.filter(merged_into__isnull=False)
    return [m.name for m in all_moved() if m.model._default_manager.filter(**{f"{m.column}__in": merged}).exists()]
