"""All customers of a workspace are compared: in steps, by one worker, once."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers import tasks
from customers.models import ComparedFacts, ComparisonBasis, Suggestion, ValueCount
from customers.resemblance import Resemblance, compare
from customers.services import deleting
from customers.services.suggesting import counting, estimating, working
from customers.services.suggesting.renewing import renew
from events.models import Event, Reaction
from jobs.models import Job
from jobs.services import running
from tests.customers.services.suggesting.alike import ADA, NOON, compare_all, person, renewed, rows, suggested


def town() -> list[Any]:
    """Forty people who have nothing in common; every fourth is there twice, once misspelt."""
    chance, people = random.Random(7), []
    for n in range(40):
        first, last, street = ("".join(chance.choices("abdegiklmnoprstuvz", k=9)) for _ in range(3))
        people.append(person(first, last, email=f"{first}.{last}@mail.example", street=f"{street} {n}"))
        if n % 4 == 0:
            people.append(person(first, f"{last}s", email=f"{first}.{last}@mail.example"))
    return people


def test_all_pairs_are_found_and_counted(in_acme: Tenant) -> None:
    people = town()

    job = compare_all()

    assert job.report == {"suggestions": 10, "summary": "10 suggestions"}
    assert {people[0].pk, people[1].pk} <= {pk for pair in suggested() for pk in pair}
    basis = ComparisonBasis.objects.get()
    assert (basis.customers, basis.counted_at, basis.changed) == (50, NOON, 0)


def test_done_again_it_changes_nothing(in_acme: Tenant) -> None:
    town()
    compare_all()
    before = rows(), list(ComparedFacts.objects.values_list("pk")), list(Suggestion.objects.values_list("pk"))

    compare_all()

    assert before == (rows(), list(ComparedFacts.objects.values_list("pk")), list(Suggestion.objects.values_list("pk")))


def test_steps_of_any_size_come_to_the_same(in_acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    town()
    compare_all()
    before = rows()
    Suggestion.objects.all().delete()
    monkeypatch.setattr(working, "COMPARED", 3)
    monkeypatch.setattr(working, "READ", 3)

    compare_all()

    assert rows() == before


def test_deleted_since_is_forgotten(in_acme: Tenant) -> None:
    people = town()
    compare_all()
    deleting.delete_customer(customer=people[0], actor=ADA, at=NOON)

    assert compare_all().report["suggestions"] == 9
    assert not ComparedFacts.objects.filter(customer=people[0]).exists()


def test_second_start_finds_the_first(in_acme: Tenant, ada: Membership) -> None:
    first = working.start(member=ada)

    assert working.start(member=ada) == first
    assert Event.objects.filter(type="customer_comparison.planned").count() == 1


def test_command_takes_over_from_a_worker(in_acme: Tenant) -> None:
    town()
    job = working.start(member=None)
    steps = working.work_through(job=job, at=NOON)
    next(steps)

    assert compare_all().report["suggestions"] == 10
    with pytest.raises(running.Overtaken):
        next(steps)


def test_stretch_that_is_over_plans_the_next(in_acme: Tenant) -> None:
    town()
    job = working.start(member=None)

    for _ in range(10):
        event = Event.objects.filter(type="customer_comparison.planned").latest("pk")
        working.work(job_id=job.pk, at=NOON, cause=event, seconds=0)

    assert Job.objects.get(pk=job.pk).report["suggestions"] == 10


def test_values_that_several_say_are_counted_and_others_are_not(in_acme: Tenant) -> None:
    for n in range(counting.SEVERAL):
        person("Maria", f"Silva{n}")

    compare_all()

    assert list(ValueCount.objects.values_list("trait", "count")) == [("first", 3)]
    assert ComparisonBasis.objects.get().totals["first"] == 3


def test_many_changes_have_all_counted_anew(in_acme: Tenant) -> None:
    compare_all()
    people = [person(f"Eva{n}", f"Costa{n}") for n in range(60)]

    assert not renew(ids=[one.pk for one in people[:50]], at=NOON)
    assert renew(ids=[one.pk for one in people[50:]], at=NOON)


@pytest.mark.parametrize("is_changed", [True, False])
def test_each_night_what_changed_is_compared_as_a_whole(in_acme: Tenant, is_changed: bool) -> None:
    one = person("Ana", "Lopes")
    compare_all()
    if is_changed:
        one.set_names(first="Eva")
        one.save()
        renewed(one)

    tasks.compare_changed()

    assert Job.objects.unfinished().exists() is is_changed


def test_what_a_third_one_tells_is_suggested_and_goes_with_the_third(in_acme: Tenant) -> None:
    for n in range(12):  # people who are there three times, so that a third one is believed
        for _ in range(3):
            person(f"Zora{n}", f"Weber{n}", email=f"zora{n}@mail.example")
    ends = [
        person("Anabela", "", email="anabela.figueiredo@mail.example"),
        person("Anabela", "", phone="+351912345678"),
    ]
    middle = person("Anabela", "", email="anabela.figueiredo@mail.example", phone="+351912345678")
    compare_all()
    assert Suggestion.objects.get(one=ends[0], other=ends[1]).evidence[-1] == "both like a third"

    deleting.delete_customer(customer=middle, actor=ADA, at=NOON)
    renewed(middle)

    assert (ends[0].pk, ends[1].pk) not in suggested()


def test_workspaces_are_compared_apart(in_acme: Tenant, globex: Tenant) -> None:
    town()
    compare_all()
    before = rows()
    with tenant_scope(globex):
        town()
        compare_all()
        assert len(suggested()) == 10

    assert rows() == before


def test_given_up_job_says_so(in_acme: Tenant) -> None:
    job = working.start(member=None)
    with transaction.atomic():
        working.fail(job_id=job.pk, reason="The disk is full.", at=NOON)

    assert Job.objects.get(pk=job.pk).report["summary"] == "Stopped: The disk is full."


def test_task_works_a_stretch(in_acme: Tenant) -> None:
    town()
    job = working.start(member=None)
    reaction = Reaction.objects.get(task="customers.tasks.work_comparison")

    tasks.work_comparison(reaction_id=reaction.pk, tenant_id=in_acme.pk)

    assert Job.objects.get(pk=job.pk).report["suggestions"] == 10


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_shares_are_estimated(acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def look(*pair: Any) -> Resemblance:
        seen.append(connection.in_atomic_block)
        return compare(*pair)

    monkeypatch.setattr(estimating, "compare", look)
    with tenant_scope(acme):
        with transaction.atomic():
            town()
        compare_all()

    assert set(seen) == {False}
