"""Customers are compared while others compare, merge and dismiss them, each in a thread and a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers import tasks
from customers.models import Customer, Dismissal, Suggestion
from customers.services.merging.joining import merge_customers
from customers.services.suggesting import inferring, working
from customers.services.suggesting.dismissing import dismiss, pair_of, undismiss
from customers.services.suggesting.renewing import renew
from events.models import Event, Reaction
from jobs.models import Job
from tests.customers.services.merging.at_once import ROUNDS, together
from tests.customers.services.suggesting.alike import ADA, NOON, compare_all, person, rows, suggested
from tests.customers.services.suggesting.test_working import town

pytestmark = pytest.mark.django_db(transaction=True)

# What a comparison of all customers does, one after the other.
MOMENTS = ("keep_facts", "count_all", "judge", "replace_suggestions", "infer_all")


@pytest.fixture
def alike(acme: Tenant) -> list[Customer]:
    """Three profiles that look like one person's, and each pair of them is suggested."""
    with tenant_scope(acme):
        with transaction.atomic():
            alike = [person("Anabela", "Figueiredo", email="ana@a.example") for _ in range(3)]
        compare_all()
    return alike


@pytest.fixture
def compare_around(acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Compares all, has somebody else act and commit just before that moment, and works off what then waits."""

    def compare(moment: str, act: Callable[[], Any], within: Any = working) -> None:
        original, raised = getattr(within, moment), []

        def wait(*args: Any, **named: Any) -> Any:
            monkeypatch.setattr(within, moment, original)
            raised.append(together(acme, act))
            return original(*args, **named)

        monkeypatch.setattr(within, moment, wait)
        with tenant_scope(acme):
            compare_all()
        assert raised == [[]]
        work_off(acme)

    return compare


def work_off(acme: Tenant) -> None:
    """As workers do, until nothing waits."""
    while True:
        with tenant_scope(acme), transaction.atomic():
            reaction = Reaction.objects.filter(task="customers.tasks.compare_customer", done_at=None).first()
        if reaction is None:
            return
        tasks.compare_customer(reaction_id=reaction.pk, tenant_id=acme.pk)


def pairs(acme: Tenant) -> set[tuple[int, int]]:
    with tenant_scope(acme), transaction.atomic():
        return suggested()


def test_two_workers_of_one_comparison_come_to_what_one_comes_to(acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "READ", 5)
    monkeypatch.setattr(working, "COMPARED", 5)
    with tenant_scope(acme):
        with transaction.atomic():
            town()
        compare_all()
        with transaction.atomic():
            alone = rows()

    for _ in range(ROUNDS):
        with tenant_scope(acme):
            with transaction.atomic():
                Suggestion.objects.all().delete()
            job = working.start(member=None)
            with transaction.atomic():
                cause = Event.objects.latest("pk")

        raised = together(acme, *[partial(work, job, cause)] * 2)

        assert raised == []
        with tenant_scope(acme), transaction.atomic():
            assert Job.objects.get(pk=job.pk).report["suggestions"] == len(alone) == 10
            assert rows() == alone


def work(job: Job, cause: Event) -> None:
    """Whoever was overtaken comes again."""
    for _ in range(20):
        working.work(job_id=job.pk, at=NOON, cause=cause, seconds=60)


def test_command_beside_a_worker_comes_to_what_one_comes_to(acme: Tenant) -> None:
    with tenant_scope(acme):
        with transaction.atomic():
            town()
        job = working.start(member=None)
        with transaction.atomic():
            cause = Event.objects.latest("pk")

    raised = together(acme, compare_all, partial(work, job, cause))

    assert raised == []
    assert len(pairs(acme)) == 10
    with tenant_scope(acme), transaction.atomic():
        assert not Job.objects.unfinished().exists()


def test_two_alike_who_come_at_once_find_each_other(acme: Tenant) -> None:
    for round_ in range(ROUNDS):
        with tenant_scope(acme), transaction.atomic():
            one, other = (person(email=f"c{round_}@a.example") for _ in range(2))

        raised = together(acme, *(partial(renew, ids=[customer.pk], at=NOON) for customer in (one, other)))

        assert raised == []
        assert (one.pk, other.pk) in pairs(acme)


@pytest.mark.parametrize("moment", MOMENTS)
def test_merged_while_all_are_compared_is_suggested_to_nobody(
    acme: Tenant, alike: list[Customer], compare_around: Any, moment: str
) -> None:
    one, other, third = alike

    compare_around(moment, partial(merge_customers, survivor=other, other=one, actor=ADA, at=NOON))

    assert pairs(acme) == {(other.pk, third.pk)}


@pytest.mark.parametrize("moment", MOMENTS)
def test_dismissed_while_all_are_compared_stays_so(
    acme: Tenant, alike: list[Customer], compare_around: Any, moment: str
) -> None:
    one, other, third = alike

    compare_around(moment, partial(dismiss, pair=pair_of(one, other), actor=ADA, at=NOON))

    left = {(one.pk, third.pk), (other.pk, third.pk)}
    assert pairs(acme) == left
    with tenant_scope(acme):
        compare_all()
        with transaction.atomic():
            assert Dismissal.objects.count() == 1
    assert pairs(acme) == left


def test_taken_up_while_all_are_compared_is_suggested_once(acme: Tenant, compare_around: Any) -> None:
    with tenant_scope(acme):
        with transaction.atomic():
            one, other = two_of_whom_a_third_tells()
        compare_all()
        pair = pair_of(one, other)
        dismiss(pair=pair, actor=ADA, at=NOON)

    compare_around("dismissed_pairs", partial(undismiss, pair=pair, actor=ADA, at=NOON), inferring)

    assert pair.ids in pairs(acme)


def two_of_whom_a_third_tells() -> tuple[Customer, Customer]:
    """Where many are there three times, so that a third one is believed."""
    for n in range(12):
        for _ in range(3):
            person(f"Zora{n}", f"Weber{n}", email=f"zora{n}@mail.example")
    email, phone = "anabela.figueiredo@mail.example", "+351912345678"
    person("Anabela", "", email=email, phone=phone)
    return person("Anabela", "", email=email), person("Anabela", "", phone=phone)
