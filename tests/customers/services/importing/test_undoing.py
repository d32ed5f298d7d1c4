"""Taking an import back: as a whole, and only while nothing else touched whom it made or changed."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.kinds import FieldKind, FieldTarget, ImportEvent
from customers.models import Contact, Customer, CustomerAddress, CustomerContact, CustomerImport
from customers.models.customer_import import ImportMatch, ImportState
from customers.services import defining, noting
from customers.services.describing import rename_customer
from customers.services.importing import undoing, uploading, working
from customers.services.importing.mapping import read_mapping
from customers.services.importing.undoing import NotUndoable, Touched, plan_undoing
from customers.services.setting_fields import read_values
from events.models import Event
from jobs.models import Job
from tests.customers.actors import ADA
from tests.factories.customers import make_contact, make_customer

pytestmark = pytest.mark.django_db
HEADER = "reference,first_name,birthday,email,phone,city,note,size"
ANA = "C-1,Ana,1990-12-31,ana@a.example,+351912345678,Lisboa,No calls,40"


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    with tenant_scope(acme):
        draft = defining.FieldDraft("Size", code="size")
        defining.define_field(target=FieldTarget.CUSTOMER, kind=FieldKind.INTEGER, draft=draft, options=[], actor=ADA)
        yield ada


def run(agent: Membership, *rows: str) -> CustomerImport:
    text = "\n".join((HEADER, *rows))
    taken = uploading.take_file(agent=agent, name="a.csv", file=io.BytesIO(text.encode()))
    mapping = read_mapping(taken.mapping)
    uploading.choose(taken=taken, mapping=mapping, match=ImportMatch.REFERENCE, agent=agent)
    for _ in working.work_through(job=working.begin_import(taken=taken, agent=agent), at=timezone.now()):
        pass
    taken.refresh_from_db()
    return taken


def undo(taken: CustomerImport, agent: Membership) -> Job:
    job = plan_undoing(taken=taken, agent=agent)
    for step in undoing.undo_through(job=job, at=timezone.now()):
        job = step
    taken.refresh_from_db()
    return job


def test_whom_it_made_is_gone_with_history_and_addresses(agent: Membership) -> None:
    other = make_customer("Eva")
    make_contact(other, "shared@a.example")
    taken = run(agent, ANA, "C-2,Rui,,shared@a.example,,,,")

    job = undo(taken, agent)

    assert (taken.state, job.report["summary"]) == (ImportState.UNDONE, "2 rows undone")
    assert Customer.objects.get() == other
    assert list(Contact.objects.values_list("value", flat=True)) == ["shared@a.example"]
    for model in (Customer, CustomerContact, CustomerAddress):
        rows = model.history.filter(actor_kind="import")
        assert not rows.exists()
    assert Event.objects.get(type=ImportEvent.UNDONE.name).data == {"number": 1, "undone": 2, "left": 0}
    assert run(agent, ANA).created == 1


def test_rows_with_a_remark_are_taken_back_like_any_other(agent: Membership) -> None:
    run(agent, ANA)
    taken = run(agent, "C-1,Anna,19451332,,,,,", "C-2,Rui,x,,,,,", "C-1,Anna,x,,,,,")
    assert (taken.created, taken.updated, taken.unchanged, taken.remarked) == (1, 1, 1, 3)

    job = undo(taken, agent)

    ana = Customer.objects.get()
    assert (ana.first_name, str(ana.birthday), job.report["summary"]) == ("Ana", "1990-12-31", "2 rows undone")


def test_whom_it_changed_says_what_was_said_before(agent: Membership) -> None:
    run(agent, ANA)
    taken = run(agent, "C-1,Anna,1991-01-01,new@a.example;ana@a.example,+351912345679,Porto,Calls are fine,41")
    assert taken.updated == 1

    undo(taken, agent)

    customer = Customer.objects.get()
    assert (customer.first_name, str(customer.birthday)) == ("Ana", "1990-12-31")
    values = customer.contacts.order_by("contact__value").values_list("contact__value", "is_primary")
    assert list(values) == [("+351912345678", True), ("ana@a.example", True)]
    assert (customer.addresses.get().city, noting.read_note(customer=customer).text) == ("Lisboa", "No calls")
    assert read_values(customer=customer)["size"].number == 40
    assert Customer.history.first().actor_name == "Import 2 undone by Ada"


def test_what_it_filled_is_empty_again(agent: Membership) -> None:
    run(agent, "C-1,Ana,,,,,,")
    taken = run(agent, ANA)

    undo(taken, agent)

    customer = Customer.objects.get()
    assert (customer.birthday, customer.contacts.count(), customer.addresses.count()) == (None, 0, 0)
    assert (noting.read_note(customer=customer).text, read_values(customer=customer)) == ("", {})


def test_import_is_not_undone_once_something_else_touched_one_of_them(agent: Membership) -> None:
    taken = run(agent, ANA, "C-2,Rui,,,,,,")
    touched = Customer.objects.get(reference="C-2")
    rename_customer(customer=touched, first_name="Ruy", last_name="", actor=ADA)

    with pytest.raises(Touched) as error:
        plan_undoing(taken=taken, agent=agent)

    assert error.value.numbers == [touched.number]
    assert Customer.objects.count() == 2


def test_what_was_touched_while_it_is_undone_is_left_and_told(agent: Membership) -> None:
    taken = run(agent, ANA, "C-2,Rui,,,,,,")
    job = plan_undoing(taken=taken, agent=agent)
    rename_customer(customer=Customer.objects.get(reference="C-2"), first_name="Ruy", last_name="", actor=ADA)

    for step in undoing.undo_through(job=job, at=timezone.now()):
        job = step

    assert job.report["summary"] == "1 row undone, 1 left because something else touched them"
    assert Customer.objects.get().first_name == "Ruy"


def test_killed_undoing_goes_on_where_it_stopped(agent: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "STEP", 1)
    taken = run(agent, ANA, "C-2,Rui,,,,,,", "C-3,Zoe,,,,,,")
    job = plan_undoing(taken=taken, agent=agent)
    steps = undoing.undo_through(job=job, at=timezone.now())
    next(steps)
    steps.close()
    assert [one.reference for one in Customer.objects.order_by("pk")] == ["C-1", "C-2"]

    cause = Event.objects.filter(type=ImportEvent.PLANNED.name).latest("pk")
    undoing.work_undoing(job_id=job.pk, at=timezone.now(), cause=cause, seconds=9)

    assert not Customer.objects.exists()
    with pytest.raises(NotUndoable):
        plan_undoing(taken=taken, agent=agent)
