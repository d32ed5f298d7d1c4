"""What happens to customers has them compared, once, and not within what happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers import tasks
from customers.kinds import ContactKind
from customers.models import BlockingKey, ComparedFacts, Customer, CustomerImport, Suggestion
from customers.services import deleting, describing, erasing, finding, tagging_customer
from customers.services.creating import create_holder
from customers.services.merging.joining import merge_customers
from customers.services.merging.parting import undo_merge
from customers.services.suggesting import dismissing, reacting, renewing
from customers.services.suggesting.locking import Busy
from events.models import Event, Reaction
from events.services.reacting import claimed_together
from jobs.models import Job
from tests.customers.services.suggesting.alike import ADA, NOON, compare_all, person, renewed, suggested

TASK = "customers.tasks.compare_customer"


def waiting() -> Any:
    return Reaction.objects.filter(task=TASK, done_at=None).order_by("pk")


def work() -> None:
    """As a worker would, until nothing waits."""
    while reaction := waiting().first():
        tasks.compare_customer(reaction_id=reaction.pk, tenant_id=reaction.tenant_id)


def pair() -> tuple[Customer, Customer]:
    return tuple(person("Anabela", "Figueiredo", email="ana@a.example") for _ in range(2))  # type: ignore[return-value]


def test_customer_made_by_a_mail_wakes_once(in_acme: Tenant) -> None:
    with transaction.atomic():
        contact = finding.lock_contact(kind=ContactKind.EMAIL, value="new@a.example")
        said = {"typed": "new@a.example", "extension": "", "first_name": "Eva", "last_name": "Costa"}
        create_holder(contact=contact, actor=ADA, wrote_at=NOON, **said)

    assert waiting().count() == 1


def test_what_is_not_compared_wakes_nobody(in_acme: Tenant) -> None:
    tagging_customer.tag_customer(customer=person("Ana", "Lopes"), add=["vip"], actor=ADA)

    assert not waiting().exists()


def test_change_of_a_profile_is_compared(in_acme: Tenant) -> None:
    one, other = pair()
    renewed(one, other)
    other.contacts.all().delete()
    describing.rename_customer(customer=other, first_name="Rui", last_name="Costa", actor=ADA)

    work()

    assert suggested() == set()


def test_merged_profile_is_suggested_no_more_and_the_parted_one_again(in_acme: Tenant) -> None:
    one, other = pair()
    third = person("Anabella", "Figueiredo", email="ana@a.example")
    renewed(one, other, third)
    assert len(suggested()) == 3

    merge = merge_customers(survivor=one, other=other, actor=ADA, at=NOON)
    work()
    assert suggested() == {(one.pk, third.pk)}

    undo_merge(merge=merge, actor=ADA, at=NOON)
    work()
    assert len(suggested()) == 3


def test_dismissed_of_one_is_dismissed_of_whom_they_were_merged_into(in_acme: Tenant) -> None:
    one, other = pair()
    third = person("Anabella", "Figueiredo", email="ana@a.example")
    renewed(one, other, third)
    dismissing.dismiss(pair=dismissing.pair_of(other, third), actor=ADA, at=NOON)

    merge_customers(survivor=one, other=other, actor=ADA, at=NOON)
    work()

    assert suggested() == set()


def test_dismissal_while_they_are_compared_wins(in_acme: Tenant) -> None:
    one, other = pair()
    renewed(one, other)
    dismissing.dismiss(pair=dismissing.pair_of(one, other), actor=ADA, at=NOON)
    # A worker who had read before that writes after it.
    Suggestion.objects.create(one=one, other=other, score=0.9, created_at=NOON)

    work()

    assert suggested() == set()


def test_erased_customer_leaves_nothing_and_does_not_come_back(in_acme: Tenant, run_on_commit: Any) -> None:
    one, other = pair()
    renewed(one, other)
    customer = erasing.plan_erasure(customer=other, actor=ADA, at=NOON)
    erasing.erase_customer(customer_id=other.pk, at=NOON, cause=Event.objects.latest("pk"))
    # A worker who had read before that writes after it.
    ComparedFacts.objects.create(customer=customer, facts={"first": "anabela"})
    BlockingKey.objects.create(customer=customer, key=1)

    work()
    compare_all()

    assert suggested() == set()
    assert not ComparedFacts.objects.filter(customer=other).exists()
    assert not BlockingKey.objects.filter(customer=other).exists()


def test_many_changes_are_worked_together(in_acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[set[int]] = []

    def renew(*, ids: Any, at: Any) -> bool:
        asked.append(set(ids))
        return False

    monkeypatch.setattr(renewing, "renew", renew)
    people = [deleting.delete_customer(customer=person("Ana", f"L{n}"), actor=ADA, at=NOON) for n in range(5)]

    work()

    assert asked == [{one.pk for one in people}]
    assert not waiting().exists()


def test_busy_workspace_is_tried_again(in_acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def refuse(*, ids: Any, at: Any) -> bool:
        tried.append(1)
        raise Busy("somebody compares")

    monkeypatch.setattr(renewing, "renew", refuse)
    for n in range(3):
        deleting.delete_customer(customer=person("Ana", f"L{n}"), actor=ADA, at=NOON)
    first = waiting().first()
    with claimed_together(first.pk, most=10) as batch:
        reacting.work_batch(batch=batch, at=NOON)

    assert tried == [1]  # whoever waited for the lock once does not wait for it again and again
    assert waiting().count() == 3
    assert not Reaction.objects.exclude(failed_at=None).exists()


def test_one_that_cannot_be_compared_does_not_stop_the_others(in_acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = person("Ana", "Bad")
    done: set[int] = set()

    def renew(*, ids: Any, at: Any) -> bool:
        if bad.pk in ids:
            raise ZeroDivisionError
        done.update(ids)
        return False

    monkeypatch.setattr(renewing, "renew", renew)
    people = [bad, person("Eva", "Good"), person("Rui", "Good")]
    for one in people:
        deleting.delete_customer(customer=one, actor=ADA, at=NOON)
    with claimed_together(waiting().first().pk, most=10) as batch:
        reacting.work_batch(batch=batch, at=NOON)

    assert done == {one.pk for one in people[1:]}
    assert waiting().count() == 1


@pytest.mark.parametrize(("some", "jobs"), [(1_000, 0), (1, 1)])
def test_import_is_compared_when_it_has_ended(
    acme: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, some: int, jobs: int
) -> None:
    monkeypatch.setattr(reacting, "SOME", some)
    path = tmp_path / "people.csv"
    path.write_text("reference,first_name,last_name,email\nC-1,Ana,Figo,a@a.example\nC-2,Anna,Figo,a@a.example\n")
    call_command("import_customers", str(path), "--workspace", "acme")
    with tenant_scope(acme):
        assert not waiting().exists()
        reaction = Reaction.objects.get(task="customers.tasks.compare_imported")
        tasks.compare_imported(reaction_id=reaction.pk, tenant_id=acme.pk)

        assert Job.objects.filter(kind="customer_comparison").count() == jobs
        assert len(suggested()) == 1 - jobs
        assert CustomerImport.objects.get().created == 2


def test_other_workspace_is_not_compared(in_acme: Tenant, globex: Tenant, cleo: Membership) -> None:
    pair()
    with tenant_scope(globex):
        deleting.delete_customer(customer=person("Ana", "Lopes"), actor=ADA, at=NOON)
        work()

    assert suggested() == set()
    assert not ComparedFacts.objects.exists()
