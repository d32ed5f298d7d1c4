"""Rows of a table that speak of somebody who was merged speak of the survivor."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer, CustomerImport, ImportRow
from customers.models.customer_import import ImportMatch
from customers.services.importing import reporting, uploading, working
from customers.services.importing.mapping import read_mapping
from customers.services.importing.undoing import Touched, plan_undoing
from tests.customers.merged import merge, split
from tests.factories.customers import make_contact, make_customer

pytestmark = pytest.mark.django_db
HEADER = "reference,first_name,email,middle_name"


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    with tenant_scope(acme):
        yield ada


def run(agent: Membership, *rows: str, match: ImportMatch = ImportMatch.REFERENCE) -> CustomerImport:
    text = "\n".join((HEADER, *rows))
    taken = uploading.take_file(agent=agent, name="a.csv", file=io.BytesIO(text.encode()))
    uploading.choose(taken=taken, mapping=read_mapping(taken.mapping), match=match, agent=agent)
    for _ in working.work_through(job=working.begin_import(taken=taken, agent=agent), at=timezone.now()):
        pass
    taken.refresh_from_db()
    return taken


def counts(taken: CustomerImport) -> tuple[int, int, int, int]:
    return taken.created, taken.updated, taken.unchanged, taken.refused


def remarks(taken: CustomerImport) -> list[tuple[str, str]]:
    rows = reporting.list_remarked(taken=taken, most=100).rows
    return [(row.outcome, row.problem) for row in rows]


def test_reference_of_the_other_updates_the_survivor_who_keeps_their_own(agent: Membership) -> None:
    ana, anna = make_customer(reference="C-1"), make_customer("Anna", "Lopez", reference="C-2")
    merge(ana, anna)

    taken = run(agent, "C-2,,,Maria")

    assert counts(taken) == (0, 1, 0, 0)
    ana.refresh_from_db()
    anna.refresh_from_db()
    assert (ana.middle_name, ana.reference) == ("Maria", "C-1")
    assert (anna.middle_name, anna.reference) == ("", "C-2")
    assert ImportRow.objects.get().customer == ana
    assert counts(run(agent, "C-2,,,Maria")) == (0, 0, 1, 0)


def test_row_that_went_to_the_survivor_says_so_whether_it_changed_something_or_not(agent: Membership) -> None:
    ana, anna, bo = make_customer(reference="C-1"), make_customer("Anna", reference="C-2"), make_customer("Bo")
    merge(ana, anna)
    merge(bo, ana)

    taken = [run(agent, "C-2,,,Maria"), run(agent, "C-2,,,Maria"), run(agent, "C-3,,,\nC-1,,bad,")]

    went = f"Reference C-2 belongs to a customer merged into #{bo.number}: went there."
    assert [remarks(one) for one in taken] == [[("updated", went)], [("unchanged", went)], []]
    assert [one.remarked for one in taken] == [1, 1, 0]


def test_trial_says_where_a_row_would_go(agent: Membership) -> None:
    ana, anna = make_customer(reference="C-1"), make_customer("Anna", reference="C-2")
    merge(ana, anna)
    taken = uploading.take_file(agent=agent, name="a.csv", file=io.BytesIO(f"{HEADER}\nC-2,,,Maria\n".encode()))

    for _ in working.work_through(job=working.plan_trial(taken=taken, agent=agent), at=timezone.now()):
        pass

    went = f"Reference C-2 belongs to a customer merged into #{ana.number}: went there."
    assert remarks(taken) == [("updated", went)]
    assert ImportRow.objects.get().customer == ana


def test_reference_of_the_survivor_alone_is_nothing_to_remark_on(agent: Membership) -> None:
    ana, anna = make_customer(reference="C-1"), make_customer("Anna", reference="C-2")
    merge(ana, anna)

    assert remarks(run(agent, "C-1,,,Maria")) == []


def test_survivor_without_a_reference_is_found_by_the_others_through_a_chain(agent: Membership) -> None:
    ana, anna, bo = make_customer(), make_customer("Anna", reference="C-2"), make_customer("Bo")
    merge(ana, anna)
    merge(bo, ana)

    run(agent, "C-2,,,Maria")

    bo.refresh_from_db()
    assert (bo.middle_name, bo.reference) == ("Maria", "")


def test_both_references_in_one_file_are_of_one_customer(agent: Membership) -> None:
    ana, anna = make_customer(reference="C-1"), make_customer("Anna", "Lopez", reference="C-2")
    merge(ana, anna)

    taken = run(agent, "C-1,,one@a.example,Rita", "C-2,,two@a.example,Maria")

    assert counts(taken) == (0, 2, 0, 0)
    ana.refresh_from_db()
    assert ana.middle_name == "Maria"
    assert set(ana.contacts.values_list("contact__value", flat=True)) == {"one@a.example", "two@a.example"}


def test_address_and_reference_of_the_other_agree(agent: Membership) -> None:
    ana, anna = make_customer(reference="C-1"), make_customer("Anna", "Lopez", reference="C-2")
    make_contact(anna, "anna@a.example")
    merge(ana, anna)

    assert counts(run(agent, "C-2,,anna@a.example,Maria", match=ImportMatch.EMAIL)) == (0, 1, 0, 0)


def test_split_again_each_has_their_own_rows(agent: Membership) -> None:
    ana, anna = make_customer(reference="C-1"), make_customer("Anna", "Lopez", reference="C-2")
    split(merge(ana, anna))

    run(agent, "C-2,,,Maria")

    anna.refresh_from_db()
    ana.refresh_from_db()
    assert (ana.middle_name, anna.middle_name) == ("", "Maria")


def test_import_that_made_somebody_who_was_merged_since_is_not_undone(agent: Membership) -> None:
    taken = run(agent, "C-2,Anna,anna@a.example,Maria")
    ana, anna = make_customer(), Customer.objects.get(reference="C-2")
    merged = merge(ana, anna, at=timezone.now())

    with pytest.raises(Touched) as refused:
        plan_undoing(taken=taken, agent=agent)

    assert str(anna.number) in str(refused.value)
    assert split(merged) == anna
    assert anna.contacts.count() == 1


def test_many_merged_ones_cost_no_statement_each(agent: Membership) -> None:
    def cost(start: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            run(agent, *(f"C-{number},,," for number in range(start, start + 4)))
        return len(queries)

    for number in range(8):
        other = make_customer(reference=f"C-{number}")
        if number > 3:
            merge(make_customer(), other)
    plain = cost(0)

    assert cost(4) <= plain + 1
