"""People who may be one and the same, and what is suggested of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from accounts.kinds import Actor, ActorKind
from customers.kinds import ContactKind
from customers.models import Customer, CustomerAddress, Suggestion
from customers.services.suggesting import working
from customers.services.suggesting.renewing import renew
from jobs.models import Job
from tests.factories.customers import make_contact, make_customer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADA = Actor(ActorKind.AGENT, 1, "Ada")


def person(
    first: str = "", last: str = "", *, email: str = "", phone: str = "", street: str = "", **said: Any
) -> Customer:
    made = make_customer(first, last, **said)
    if email:
        make_contact(made, email)
    if phone:
        make_contact(made, phone, ContactKind.PHONE)
    if street:
        CustomerAddress.objects.create(
            customer=made, street=street, city="Lisboa", postal_code="1200-385", is_main=True
        )
    return made


def renewed(*people: Customer) -> set[tuple[int, int]]:
    """What is suggested after these were compared anew."""
    renew(ids=[one.pk for one in people], at=NOON)
    return suggested()


def suggested() -> set[tuple[int, int]]:
    return set(Suggestion.objects.values_list("one_id", "other_id"))


def rows() -> list[Any]:
    return sorted((one, other, score, tuple(said)) for one, other, score, said in _rows())


def _rows() -> Iterable[Any]:
    return Suggestion.objects.values_list("one_id", "other_id", "score", "evidence")


def compare_all() -> Job:
    """The whole workspace, counted anew."""
    *_, job = working.work_through(job=working.take_over(at=NOON), at=NOON)
    return job


def compare_all_by_the_same_basis() -> None:
    with transaction.atomic():
        job = working.take_over(at=NOON)
        job.cursor = {"phase": working.COMPARING, "after": 0}
        job.save(update_fields=["cursor"])
    for _ in working.work_through(job=job, at=NOON):
        pass
