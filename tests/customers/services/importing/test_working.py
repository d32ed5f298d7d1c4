"""Importing a table: whom a row is about, what is written, what a crash and a second worker leave."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.db import connection

from accounts.models import Membership, Tenant
from accounts.services.configuring import write_settings
from accounts.tenancy import tenant_scope
from core.tables.problems import UnreadableTable
from customers.kinds import ContactKind, CustomerEvent, FieldKind, FieldTarget, ImportEvent
from customers.models import (
    Contact,
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerFieldValue,
    CustomerImport,
    ImportRow,
)
from customers.models.customer_import import ImportMatch, ImportState
from customers.services import defining, noting
from customers.services.deleting import delete_customer
from customers.services.importing import batching, reporting, uploading, working
from customers.services.importing.mapping import read_mapping
from customers.services.setting_fields import read_values
from events.models import Event
from files.models import StoredFile
from jobs.models import Job
from jobs.services import running
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer

pytestmark = pytest.mark.django_db
ALL = (
    "reference,first_name,middle_name,last_name,birthday,sex,email,phone,street,city,region,postal_code,country,"
    "company,note,twitter,size\n"
    "C-1,Ana,Maria,Lopes,1990-12-31,female,ana@a.example;work@a.example,+351912345678,Rua da Rosa 5,Lisboa,,1200-385,"
    'PT,Aves,"Wants, no calls",@ana,40\n'
)


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    with tenant_scope(acme):
        yield ada


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "BATCH", 2)


def take(agent: Membership, text: str, match: ImportMatch = ImportMatch.REFERENCE) -> CustomerImport:
    taken = uploading.take_file(agent=agent, name="customers.csv", file=io.BytesIO(text.encode()))
    mapping = read_mapping(taken.mapping)
    return uploading.choose(taken=taken, mapping=mapping, match=match, agent=agent)


def work(job: Job) -> Job:
    for step in working.work_through(job=job, at=NOON):
        job = step
    return job


def run(agent: Membership, text: str, match: ImportMatch = ImportMatch.REFERENCE) -> CustomerImport:
    taken = take(agent, text, match)
    work(working.begin_import(taken=taken, agent=agent))
    taken.refresh_from_db()
    return taken


def try_out(agent: Membership, text: str, match: ImportMatch = ImportMatch.REFERENCE) -> str:
    job = work(working.plan_trial(taken=take(agent, text, match), agent=agent))
    return str(job.report["summary"])


def define_size() -> None:
    draft = defining.FieldDraft("Size", code="size")
    defining.define_field(target=FieldTarget.CUSTOMER, kind=FieldKind.INTEGER, draft=draft, options=[], actor=ADA)


def counts(taken: CustomerImport) -> tuple[int, int, int, int]:
    return (taken.created, taken.updated, taken.unchanged, taken.refused)


def problems(taken: CustomerImport) -> list[tuple[int, str]]:
    return [(row.line, row.problem) for row in reporting.list_refused(taken=taken, most=100).rows]


def test_row_becomes_a_customer_with_all_it_says(agent: Membership) -> None:
    define_size()

    taken = run(agent, ALL)

    customer = Customer.objects.get(reference="C-1")
    assert (counts(taken), taken.state, taken.file) == ((1, 0, 0, 0), ImportState.DONE, None)
    assert (customer.full_name, customer.sex, str(customer.birthday), customer.number, customer.origin) == (
        "Ana Maria Lopes", "female", "1990-12-31", 1, "import",
    )  # fmt: skip
    assert customer.name_folded == "ana maria lopes"
    lines = customer.contacts.in_order().values_list("contact__kind", "contact__value", "tag", "is_primary", "position")
    assert sorted(lines) == [
        ("email", "ana@a.example", "", True, 0),
        ("email", "work@a.example", "", False, 1),
        ("handle", "twitter:ana", "twitter", True, 0),
        ("phone", "+351912345678", "", True, 0),
    ]
    address = CustomerAddress.objects.get(customer=customer)
    assert (address.street, address.city, address.postal_code, address.country, address.company, address.is_main) == (
        "Rua da Rosa 5", "Lisboa", "1200-385", "PT", "Aves", True,
    )  # fmt: skip
    note = noting.read_note(customer=customer)
    assert (note.text, note.version, note.author_name) == ("Wants, no calls", 1, "Import 1 by Ada")
    assert read_values(customer=customer)["size"].number == 40


def test_what_is_imported_has_its_history_and_one_event(agent: Membership) -> None:
    define_size()

    run(agent, ALL)

    customer = Customer.objects.get(reference="C-1")
    for model, count in ((Customer, 1), (CustomerContact, 4), (CustomerFieldValue, 1), (CustomerAddress, 1)):
        rows = model.history.filter(history_type="+")
        assert [(row.actor_kind, row.actor_name, row.history_date) for row in rows] == [
            ("import", "Import 1 by Ada", NOON)
        ] * count
    assert Customer.history.get().first_name == "Ana"
    event = Event.objects.get(customer_id=customer.pk)
    assert (event.type, event.subject_id, event.data) == (CustomerEvent.CREATED.name, customer.pk, {"origin": "import"})
    ended = Event.objects.get(type=ImportEvent.ENDED.name)
    assert (ended.actor_name, ended.data) == (
        "Ada",
        {"number": 1, "created": 1, "updated": 0, "unchanged": 0, "refused": 0},
    )


def test_equal_addresses_become_holders_of_one_contact_and_nobody_is_joined(agent: Membership) -> None:
    known = make_customer("Bruno")
    make_contact(known, "home@a.example")

    taken = run(
        agent, "reference,first_name,email\nC-1,Ana,home@a.example\nC-2,Eva,Home@A.example\n,Rui,home@a.example\n"
    )

    assert counts(taken) == (3, 0, 0, 0)
    contact = Contact.objects.get()
    assert contact.holders.count() == 4


def test_known_reference_updates_what_is_said_and_leaves_the_rest(agent: Membership) -> None:
    define_size()
    run(agent, ALL)
    customer = Customer.objects.get(reference="C-1")

    taken = run(
        agent,
        "reference,first_name,last_name,email,size,note,city,phone\nC-1,Anna,,new@a.example,41,Calls are fine,Porto,\n",
    )

    assert counts(taken) == (0, 1, 0, 0)
    customer.refresh_from_db()
    assert (customer.full_name, customer.birthday is None) == ("Anna Maria Lopes", False)
    emails = customer.contacts.filter(contact__kind=ContactKind.EMAIL).in_order().values_list("typed", "is_primary")
    assert list(emails) == [("ana@a.example", True), ("work@a.example", False), ("new@a.example", False)]
    assert read_values(customer=customer)["size"].number == 41
    assert noting.read_note(customer=customer).text == "Calls are fine"
    address = CustomerAddress.objects.get(customer=customer)
    assert (address.city, address.street) == ("Porto", "Rua da Rosa 5")
    assert {row.actor_name for row in Customer.history.filter(history_type="~")} == {"Import 2 by Ada"}


def test_same_file_again_changes_nothing(agent: Membership) -> None:
    define_size()
    run(agent, ALL)
    about_customers = Event.objects.filter(type__startswith="customer.")
    before = about_customers.count()

    taken = run(agent, ALL)

    assert counts(taken) == (0, 0, 1, 0)
    assert about_customers.count() == before


def test_second_row_of_one_reference_updates_whom_the_first_made(agent: Membership) -> None:
    taken = run(agent, "reference,first_name,email\nC-1,Ana,\nC-2,Eva,\nC-1,Anna,ana@a.example\n")

    assert counts(taken) == (2, 1, 0, 0)
    assert Customer.objects.get(reference="C-1").first_name == "Anna"


def test_match_by_email_finds_the_one_who_holds_it(agent: Membership) -> None:
    known, shared = make_customer("Ana"), make_customer("Office")
    make_contact(known, "ana@a.example")
    make_contact(shared, "office@a.example")
    Contact.objects.filter(value="office@a.example").update(is_shared=True)

    taken = run(
        agent,
        "email,reference,city\nAna@A.example;second@a.example,C-1,Porto\noffice@a.example,,\nnew@a.example,,\n"
        "second@a.example,,Lisboa\n",
        ImportMatch.EMAIL,
    )

    assert counts(taken) == (2, 2, 0, 0)
    known.refresh_from_db()
    assert (known.reference, known.addresses.get().city) == ("C-1", "Lisboa")
    assert known.contacts.count() == 2


def test_match_by_email_never_chooses_between_two(agent: Membership) -> None:
    one, two = make_customer("Ana", reference="C-1"), make_customer("Eva", reference="C-2")
    make_contact(one, "home@a.example")
    make_contact(two, "home@a.example")
    make_contact(one, "ana@a.example")

    taken = run(
        agent,
        "email,reference,city\nhome@a.example,,Porto\nhome@a.example,C-2,Porto\nana@a.example,C-3,Porto\n"
        "ana@a.example,C-2,Porto\n",
        ImportMatch.EMAIL,
    )

    assert problems(taken) == [
        (2, "E-mail: several customers hold it: 1, 2."),
        (4, "Reference: customer 1, who holds the e-mail, has another one."),
        (5, "Reference: customer 2 has it, but the e-mail is of 1."),
    ]
    assert list(CustomerAddress.objects.values_list("customer__number", "city")) == [(2, "Porto")]


def test_row_about_somebody_deleted_is_refused(agent: Membership) -> None:
    run(agent, "reference,first_name\nC-1,Ana\n")
    delete_customer(customer=Customer.objects.get(), actor=ADA, at=NOON)

    taken = run(agent, "reference,first_name\nC-1,Anna\nC-2,Eva\n")

    assert problems(taken) == [(2, "Reference: customer 1, who has it, is deleted. Restore them first.")]
    assert counts(taken) == (1, 0, 0, 1)


def test_refused_rows_are_given_back_as_they_were(agent: Membership) -> None:
    taken = run(agent, 'first_name,email,more\nAna,ana,"=1+1"\nEva,eva@a.example,\nRui\n"Zoe,zoe@a.example,\n')

    assert counts(taken) == (1, 0, 0, 3)
    table = b"".join(reporting.write_refused(taken=taken)).decode("utf-8-sig").splitlines()
    assert table[0] == '"Why refused","Line","first_name","email","more"'
    assert table[1] == '"“ana” is no e-mail address.",2,"Ana","ana","\'=1+1"'
    assert [row.partition(",")[0] for row in table[2:]] == [
        '"It has fewer cells than there are columns."',
        '"A quotation mark is opened and never closed."',
    ]


def test_trial_counts_and_changes_nothing(agent: Membership) -> None:
    run(agent, "reference,first_name\nC-1,Ana\nC-2,Eva\n")
    before = (Customer.objects.count(), Contact.objects.count(), Customer.history.count())
    text = "reference,first_name,email\nC-1,Anna,\nC-2,Eva,\nC-3,Rui,r@a.example\nC-3,Rui,s@a.example\nC-4,Zoe,zoe\n"

    summary = try_out(agent, text)

    assert summary == "1 created, 2 updated, 1 unchanged, 1 refused"
    assert (Customer.objects.count(), Contact.objects.count(), Customer.history.count()) == before
    taken = CustomerImport.objects.get(number=2)
    assert (taken.state, problems(taken)) == (ImportState.UPLOADED, [(6, "“zoe” is no e-mail address.")])
    work(working.begin_import(taken=taken, agent=agent))
    taken.refresh_from_db()
    assert (counts(taken), len(problems(taken))) == ((1, 2, 1, 1), 1)


def test_trial_whose_worker_died_is_done_anew_as_a_whole(agent: Membership, small: None) -> None:
    taken = take(agent, "reference\nC-1\nC-2\nC-3\nC-1\n" + "x" * 300 + "\nC-2\n")
    job = working.plan_trial(taken=taken, agent=agent)
    steps = working.work_through(job=job, at=NOON)
    for _ in range(2):
        next(steps)
    steps.close()

    cause = Event.objects.filter(type=ImportEvent.PLANNED.name).latest("pk")
    working.work_import(job_id=job.pk, at=NOON, cause=cause, seconds=0)

    assert Job.objects.get().report["summary"] == "3 created, 2 updated, 1 refused"
    taken.refresh_from_db()
    assert (Job.objects.get().done, counts(taken), len(problems(taken))) == (6, (3, 2, 0, 1), 1)


def test_defaults_of_custom_fields_stand_where_a_row_says_nothing(agent: Membership) -> None:
    draft = defining.FieldDraft("Size", code="size", default="38")
    defining.define_field(target=FieldTarget.CUSTOMER, kind=FieldKind.INTEGER, draft=draft, options=[], actor=ADA)
    draft, choices = (
        defining.FieldDraft("Colors", code="colors"),
        [defining.OptionDraft("Red"), defining.OptionDraft("Blue")],
    )
    defining.define_field(target=FieldTarget.CUSTOMER, kind=FieldKind.CHOICES, draft=draft, options=choices, actor=ADA)

    taken = run(agent, "reference,size,colors\nC-1,,red;blue\nC-2,40,\nC-3,forty,\nC-4,,green\n")

    said = {one.reference: read_values(customer=one) for one in Customer.objects.all()}
    assert [said[reference]["size"].number for reference in ("C-1", "C-2")] == [38, 40]
    assert said["C-1"]["colors"].options == ("red", "blue")
    assert problems(taken) == [
        (4, "Size: Write a whole number of at most twenty digits."),
        (5, "Colors: green is none of the choices."),
    ]


def test_choices_are_taken_by_their_names_as_well_as_by_their_codes(agent: Membership) -> None:
    draft = defining.FieldDraft("Colors", code="colors")
    choices = [defining.OptionDraft(name) for name in ("Dark red", "Blue; or green")]
    field = defining.define_field(
        target=FieldTarget.CUSTOMER, kind=FieldKind.CHOICES, draft=draft, options=choices, actor=ADA
    )
    red, blue = (one.code for one in field.options.order_by("position"))

    taken = run(agent, f"reference,colors\nC-1,DARK  RED;{blue}\nC-2,Blue; or green\nC-3,Pink\n")

    said = {one.reference: read_values(customer=one)["colors"].options for one in Customer.objects.all()}
    assert said == {"C-1": (red, blue), "C-2": (blue,)}
    assert problems(taken) == [(4, "Colors: Pink is none of the choices.")]


def test_first_batch_makes_the_database_look_at_the_tables_it_filled(agent: Membership) -> None:
    run(agent, rows(300))

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'customers_customer'::regclass")
        assert cursor.fetchone() == (300,)


def test_phones_are_read_as_the_workspace_writes_them(agent: Membership) -> None:
    write_settings(values={"customers.phone_region": "PT"})

    run(agent, "phone\n912 345 678\n")

    assert Contact.objects.get().value == "+351912345678"
    assert Customer.objects.get().display_name == "912 345 678"


def rows(count: int) -> str:
    return "reference\n" + "".join(f"C-{number}\n" for number in range(count))


def test_killed_import_goes_on_where_it_stopped(agent: Membership, small: None) -> None:
    taken = take(agent, rows(5))
    work_begun = working.work_through(job=working.begin_import(taken=taken, agent=agent), at=NOON)
    assert next(work_begun).done == 2
    work_begun.close()
    assert Customer.objects.count() == 2

    job = work(Job.objects.get())

    taken.refresh_from_db()
    assert (job.done, job.total, counts(taken)) == (5, 5, (5, 0, 0, 0))
    assert [one.reference for one in Customer.objects.order_by("number")] == [f"C-{number}" for number in range(5)]


def test_worker_that_lost_its_work_to_another_writes_nothing(agent: Membership, small: None) -> None:
    job = working.begin_import(taken=take(agent, rows(5)), agent=agent)
    slow, quick = (working.work_through(job=job, at=NOON) for _ in range(2))
    next(slow)
    with pytest.raises(running.Overtaken):
        next(quick)

    assert Customer.objects.count() == 2


def test_worker_gives_way_after_a_stretch_and_the_rest_is_planned(agent: Membership, small: None) -> None:
    job = working.plan_import(taken=take(agent, rows(5)), agent=agent)

    for expected in (2, 4, 5):
        cause = Event.objects.filter(type=ImportEvent.PLANNED.name).latest("pk")
        working.work_import(job_id=job.pk, at=NOON, cause=cause, seconds=0)
        assert Job.objects.get().done == expected

    assert Event.objects.filter(type=ImportEvent.PLANNED.name).count() == 3
    working.work_import(job_id=job.pk, at=NOON, cause=cause, seconds=0)  # once more than needed
    assert Customer.objects.count() == 5


def test_import_that_was_given_up_can_be_gone_on_with(agent: Membership, small: None) -> None:
    taken = take(agent, rows(5))
    job = next(working.work_through(job=working.begin_import(taken=taken, agent=agent), at=NOON))
    working.fail_import(job_id=job.pk, reason="the disk is full", at=NOON)
    taken.refresh_from_db()
    assert (taken.state, Job.objects.get().report["summary"]) == (ImportState.FAILED, "Stopped: the disk is full")

    work(working.begin_import(taken=taken, agent=agent))

    taken.refresh_from_db()
    assert (taken.state, counts(taken)) == (ImportState.DONE, (5, 0, 0, 0))


def test_import_stops_when_who_asked_for_it_has_left(agent: Membership) -> None:
    taken = take(agent, rows(2))
    job = working.begin_import(taken=taken, agent=agent)
    Membership.objects.filter(pk=agent.pk).update(is_active=False)

    job = work(job)

    assert job.report["summary"] == "Stopped: who asked for it is no longer a member."
    assert not Customer.objects.exists()


def test_import_is_not_begun_twice(agent: Membership) -> None:
    taken = take(agent, rows(2))
    job = working.begin_import(taken=taken, agent=agent)

    with pytest.raises(uploading.NotNow):
        working.begin_import(taken=taken, agent=agent)
    work(job)
    with pytest.raises(uploading.NotNow):
        working.begin_import(taken=taken, agent=agent)


def test_columns_an_agent_chose_are_remembered_for_the_same_header(agent: Membership, bela: Membership) -> None:
    text = "Who,Where to\nAna,ana@a.example\n"
    taken = uploading.take_file(agent=agent, name="a.csv", file=io.BytesIO(text.encode()))
    assert taken.mapping == {}
    with pytest.raises(uploading.NothingMapped):
        uploading.choose(taken=taken, mapping={}, match=ImportMatch.REFERENCE, agent=agent)
    uploading.choose(taken=taken, mapping={0: "first_name", 1: "email"}, match=ImportMatch.REFERENCE, agent=agent)

    again = uploading.take_file(agent=agent, name="b.csv", file=io.BytesIO(b"who,WHERE TO\n"))
    other = uploading.take_file(agent=bela, name="b.csv", file=io.BytesIO(text.encode()))

    assert (again.mapping, other.mapping) == ({"0": "first_name", "1": "email"}, {})


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a workbook", b"\n\n"])
def test_what_is_no_table_leaves_nothing_behind(agent: Membership, content: bytes) -> None:
    with pytest.raises(UnreadableTable):
        uploading.take_file(agent=agent, name="a.csv", file=io.BytesIO(content))

    assert not StoredFile.objects.exists()
    assert not CustomerImport.objects.exists()


def test_table_of_another_alphabet_and_width_is_read(agent: Membership) -> None:
    text = 'Имя;Почта;note\n"Анна";anna@a.example;"две\nстроки"\n'
    taken = uploading.take_file(agent=agent, name="a.csv", file=io.BytesIO(text.encode("utf-16")))

    work(working.begin_import(taken=taken, agent=agent))

    customer = Customer.objects.get()
    assert (customer.first_name, noting.read_note(customer=customer).text) == ("Анна", "две\nстроки")
    assert ImportRow.objects.get().line == 2


def test_audit_has_one_line_for_the_import_and_none_for_each_row(agent: Membership) -> None:
    run(agent, "reference\nC-1\nC-2\n")

    said = Event.objects.audited().values_list("type", flat=True)
    assert sorted(said) == [ImportEvent.BEGUN.name, ImportEvent.ENDED.name]
    assert Event.objects.filter(type="customer.created").count() == 2
