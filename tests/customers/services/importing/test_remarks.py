"""Rows that are taken though a value of them is left out: what is written, and what is told of it."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.kinds import ImportEvent
from customers.models import Customer, CustomerImport
from customers.models.customer_import import ImportMatch
from customers.services.importing import batching, reporting, uploading, working
from customers.services.importing.mapping import read_mapping
from events.models import Event
from jobs.models import Job
from tests.customers.actors import NOON
from tests.factories.customers import make_customer

pytestmark = pytest.mark.django_db
HEADER = "reference,first_name,birthday,sex,email\n"
NO_DAY = "Birthday “19451332” is no day: left out."


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    with tenant_scope(acme):
        yield ada


def take(agent: Membership, text: str) -> CustomerImport:
    taken = uploading.take_file(agent=agent, name="a.csv", file=io.BytesIO((HEADER + text).encode()))
    mapping = read_mapping(taken.mapping)
    return uploading.choose(taken=taken, mapping=mapping, match=ImportMatch.REFERENCE, agent=agent)


def work(job: Job) -> str:
    for step in working.work_through(job=job, at=NOON):
        job = step
    return str(job.report["summary"])


def run(agent: Membership, text: str) -> CustomerImport:
    taken = take(agent, text)
    work(working.begin_import(taken=taken, agent=agent))
    taken.refresh_from_db()
    return taken


def told(taken: CustomerImport) -> list[tuple[int, str, str]]:
    rows = reporting.list_remarked(taken=taken, most=100).rows
    return [(row.line, row.outcome, row.problem) for row in rows]


def test_customer_is_made_without_the_value_and_the_row_says_so(agent: Membership) -> None:
    taken = run(agent, "C-1,Ana,19451332,f,ana@a.example\nC-2,Eva,1990-12-31,,\n")

    ana = Customer.objects.get(reference="C-1")
    assert (ana.birthday, ana.sex, ana.contacts.count()) == (None, "female", 1)
    assert told(taken) == [(2, "created", NO_DAY)]
    row = reporting.list_remarked(taken=taken, most=1).rows[0]
    assert (row.customer, row.beginning) == (ana, "C-1 · Ana · 19451332 · f · ana@a.example")
    assert reporting.list_refused(taken=taken, most=1).rows == []
    assert reporting.read_refused(taken=taken, after=0) == []


def test_somebody_who_is_here_keeps_what_stood_there(agent: Membership) -> None:
    ana, eva = (make_customer(birthday="1945-12-31", sex="female", reference=f"C-{number}") for number in (1, 2))

    taken = run(agent, f"C-1,Rita,19451332,perhaps,\nC-2,{eva.first_name},0000-00-00,,\n")

    for one in (ana, eva):
        one.refresh_from_db()
        assert (str(one.birthday), one.sex) == ("1945-12-31", "female")
    assert ana.first_name == "Rita"
    assert told(taken) == [
        (2, "updated", f"{NO_DAY} Sex “perhaps” is neither female nor male: left out."),
        (3, "unchanged", "Birthday “0000-00-00” is no day: left out."),
    ]


def test_rows_with_a_remark_are_counted_beside_what_came_of_them(agent: Membership) -> None:
    make_customer(reference="C-9")
    taken = take(agent, "C-1,Ana,19451332,,\nC-2,Eva,,?,\nC-3,Rui,x,,rui\nC-9,Zoe,2999-01-01,,\n,Max,,,\n")

    summary = work(working.begin_import(taken=taken, agent=agent))

    assert summary == "3 created, 1 updated, 1 refused; 3 taken with a remark"
    taken.refresh_from_db()
    assert (taken.created, taken.updated, taken.refused, taken.remarked) == (3, 1, 1, 3)
    assert Job.objects.get().report["remarked"] == 3
    ended = Event.objects.get(type=ImportEvent.ENDED.name)
    assert ended.data == {"number": 1, "created": 3, "updated": 1, "unchanged": 0, "refused": 1}


def test_trial_says_the_same_beforehand_and_is_counted_once(agent: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "BATCH", 2)
    known = make_customer(reference="C-9")
    taken = take(agent, "C-1,Ana,19451332,,\nC-2,Eva,,,\nC-9,,x,,\nC-1,Anna,19451332,,\nC-3,Rui,x,,rui\n")

    said = [work(working.plan_trial(taken=taken, agent=agent)) for _ in range(2)]

    assert said == ["2 created, 1 updated, 1 unchanged, 1 refused; 3 taken with a remark"] * 2
    assert [(line, outcome) for line, outcome, _ in told(taken)] == [(2, "created"), (4, "unchanged"), (5, "updated")]
    whom = [row.customer for row in reporting.list_remarked(taken=taken, most=9).rows]
    assert whom == [None, known, None]
    assert work(working.begin_import(taken=taken, agent=agent)) == said[0]
    assert len(told(taken)) == 3


def test_rows_with_a_remark_are_listed_from_behind_a_line_on(agent: Membership) -> None:
    taken = run(agent, "".join(f"C-{number},Ana,x,,{'' if number % 2 else 'bad'}\n" for number in range(9)))

    first = reporting.list_remarked(taken=taken, most=3)
    rest = reporting.list_remarked(taken=taken, most=3, after=first.last_line)

    assert ([row.line for row in first.rows], first.has_more) == ([3, 5, 7], True)
    assert ([row.line for row in rest.rows], rest.has_more) == ([9], False)
