"""Tables as programs and enemies write them: each row becomes a customer or has a reason, and nothing is half done."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core.tables.problems import UnreadableTable
from customers.kinds import FieldKind, FieldTarget
from customers.models import Contact, Customer, CustomerContact, CustomerImport, ImportRow
from customers.models.customer_import import ImportMatch
from customers.services import defining, noting
from customers.services.deleting import delete_customer
from customers.services.importing import reporting, uploading, working
from customers.services.importing.mapping import read_mapping
from customers.services.setting_fields import read_values
from files.models import StoredFile
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_customer

pytestmark = pytest.mark.django_db
NAMES = "reference;first_name;note\nC-1;Ana;{}\nC-2;Eva;x\n"


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    with tenant_scope(acme):
        yield ada


def run(agent: Membership, content: bytes | str, match: ImportMatch = ImportMatch.REFERENCE) -> CustomerImport:
    content = content.encode() if isinstance(content, str) else content
    taken = uploading.take_file(agent=agent, name="table.csv", file=io.BytesIO(content))
    taken = uploading.choose(taken=taken, mapping=read_mapping(taken.mapping), match=match, agent=agent)
    for _ in working.work_through(job=working.begin_import(taken=taken, agent=agent), at=NOON):
        pass
    taken.refresh_from_db()
    rows = ImportRow.objects.filter(customer_import=taken)
    assert rows.count() == taken.created + taken.updated + taken.unchanged + taken.refused
    assert all(row.problem if row.outcome == "refused" else row.customer_id for row in rows)
    return taken


def problems(taken: CustomerImport) -> list[tuple[int, str]]:
    return [(row.line, row.problem) for row in reporting.list_refused(taken=taken, most=100).rows]


def remarks(taken: CustomerImport) -> list[str]:
    return [row.problem for row in reporting.list_remarked(taken=taken, most=100).rows]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "Ünïcödé – 日本語"),
        ("utf-8-sig", "Ünïcödé – 日本語"),
        ("utf-16", "Ünïcödé – 日本語 😀"),
        ("utf-16-le", "Ünïcödé – 日本語 😀"),
        ("utf-16-be", "Ünïcödé – 日本語 😀"),
        ("utf-32", "Ünïcödé – 日本語 😀"),
        ("cp1252", "Zoë fährt über die Straße"),
        ("cp1251", "Просит звонить после шести вечера"),
    ],
)
def test_encoding_is_found_out(agent: Membership, encoding: str, said: str) -> None:
    run(agent, NAMES.format(said).encode(encoding))

    assert noting.read_note(customer=Customer.objects.get(reference="C-1")).text == said


def test_encoding_that_nobody_can_guess_is_chosen(agent: Membership) -> None:
    content = NAMES.format("東京都千代田区").encode("cp932")
    taken = uploading.take_file(agent=agent, name="table.csv", file=io.BytesIO(content))

    taken = uploading.read_anew(taken=taken, encoding="cp932", delimiter="")

    for _ in working.work_through(job=working.begin_import(taken=taken, agent=agent), at=NOON):
        pass
    assert noting.read_note(customer=Customer.objects.get(reference="C-1")).text == "東京都千代田区"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_ends_are_found_out(agent: Membership, delimiter: str, end: str) -> None:
    lines = ["reference;first_name;note", 'C-1;Ana;"two\nlines; ""quoted"", of | one\tcell"', "C-2;Eva;"]

    taken = run(agent, end.join(line.replace(";", delimiter) for line in lines) + end)

    assert (taken.created, taken.refused) == (2, 0)
    said = noting.read_note(customer=Customer.objects.get(reference="C-1")).text
    assert said.startswith("two\nlines") and '"quoted"' in said


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "This file is empty"),
        (b"\xef\xbb\xbf\n\n", "This file is empty"),
        (b",,,\nAna,b,c,d\n", "must hold the names of the columns"),
        (b"PK\x03\x04" + bytes(range(256)), "a workbook or another packed file"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 40, "This file is not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "This file is not text"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "This file is not text"),
        (b"<!DOCTYPE html><html><table>", "a web page"),
        (",".join(f"c{n}" for n in range(5000)).encode() + b"\n", "5,000 columns; at most 200"),
        (b'first_name,"' + b"x" * 200_000 + b'"\nAna,x\n', "The names of the columns cannot be read"),
        (b"\0" * 5000, "This file is not text"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(agent: Membership, content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableTable, match=reason):
        run(agent, content)

    assert not StoredFile.objects.exists()
    assert not CustomerImport.objects.exists()


def test_header_alone_is_an_import_of_nobody(agent: Membership) -> None:
    taken = run(agent, "reference,first_name\n")

    assert (taken.state, taken.created, taken.refused) == ("done", 0, 0)


def test_two_hundred_columns_are_taken(agent: Membership) -> None:
    header = ["reference", *(f"Extra {number}" for number in range(198)), "first_name"]
    row = ["C-1", *("x" * 198), "Ana"]

    taken = run(agent, f"{','.join(header)}\n{','.join(row)}\n")

    assert (taken.created, Customer.objects.get().first_name) == (1, "Ana")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("C-1,Ana", "It has fewer cells than there are columns."),
        ("C-1,Ana,a,b,c,d", "It has more cells than there are columns."),
        ('C-1,"Ana"x,,', "A quotation mark stands inside a quoted cell"),
        ("C-1," + "x" * 140_000 + ",,", "A cell is longer than 131,072 characters."),
        pytest.param("C-1," + "x" * 10_000_000 + ",,", "The row is longer than 4 MB.", id="ten megabytes"),
        pytest.param(
            'C-1,"' + "x\n" * 5_000_000 + '",,', "A cell is longer than 131,072 characters.", id="ten megabytes, quoted"
        ),
        ("C-1," + "x" * 101 + ",,", "First name: longer than 100 characters."),
        ("C-" + "1" * 260 + ",Ana,,", "Reference: longer than 255 characters."),
        (",,,", "Nothing is said in the columns that are taken."),
        ("C-1,Ana,a@,", "“a@” is no e-mail address."),
        ("C-1,Ana,a b@c.example,", "“a b@c.example” is no e-mail address."),
        ("C-1,Ana,=HYPERLINK(1),", "“=HYPERLINK(1)” is no e-mail address."),
        ("C-1,Ana,,none whatsoever", "“none whatsoever” is no phone number."),
        ("C-1,Ana," + ";".join(f"a{n}@b.example" for n in range(300)) + ",", "More than 200 addresses and phones"),
    ],
)
def test_bad_row_is_refused_with_its_reason_and_its_neighbors_are_not(agent: Membership, row: str, reason: str) -> None:
    taken = run(agent, f"reference,first_name,email,phone\nC-0,Rui,r@b.example,\n{row}\nC-9,Zoe,z@b.example,\n")

    assert [(line, reason in told) for line, told in problems(taken)] == [(3, True)]
    assert sorted(Customer.objects.values_list("reference", flat=True)) == ["C-0", "C-9"]
    assert sorted(Contact.objects.values_list("value", flat=True)) == ["r@b.example", "z@b.example"]


def test_quotation_mark_that_is_never_closed_costs_what_follows_it_only(agent: Membership) -> None:
    taken = run(agent, 'reference,first_name\nC-1,Ana\nC-2,"Eva\nC-3,Rui\n')

    assert [line for line, _ in problems(taken)] == [3]
    assert [one.reference for one in Customer.objects.all()] == ["C-1"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("A\u202ena\u202c", "A\u202ena\u202c"),
        ("A\0n\x07a", "Ana"),
        ("  Ana \u00a0 Maria\t", "Ana Maria"),
        ('=HYPERLINK(""http://x"")', '=HYPERLINK("http://x")'),
        ("'=1+1", "=1+1"),
        ("'Ana'", "'Ana'"),
        ("-5", "-5"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("عبد الله", "عبد الله"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_strange_name_is_kept_as_it_is_meant(agent: Membership, typed: str, kept: str) -> None:
    run(agent, f'reference,first_name,company\nC-1,"{typed}",{"a company of some length " * 7}\n')

    assert Customer.objects.get().first_name == kept


@pytest.mark.parametrize("email", ["a@b", "ANA@A.EXAMPLE", '"a b"@c.example', "ana@münchen.example", "a+b@c.example"])
def test_strange_address_is_taken(agent: Membership, email: str) -> None:
    quoted = email.replace('"', '""')

    run(agent, f'reference,email\nC-1,"{quoted}"\n')

    assert CustomerContact.objects.get().typed == email


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1990-12-31", "1990-12-31"),
        ("31.12.1990", "1990-12-31"),
        ("12/31/1990", "1990-12-31"),
        ("31/12/1990", "1990-12-31"),
        ("19901231", "1990-12-31"),
        ("1990-12-31 00:00:00", "1990-12-31"),
        ("1990/1/2", "1990-01-02"),
        ("3/4/1990", ""),  # of March or April?
        ("31.02.1990", ""),
        ("1990", ""),
        ("tomorrow", ""),
        ("0001-01-01", ""),
        ("2999-01-01", ""),
        ("33238", ""),  # as a spreadsheet counts days
        ("٣١.١٢.١٩٩٠", ""),
    ],
)
def test_birthday_is_read_or_left_out(agent: Membership, typed: str, day: str) -> None:
    taken = run(agent, f"reference,birthday\nC-1,{typed}\n")

    assert str(Customer.objects.get().birthday or "") == day
    assert [f"“{typed}”" in told for told in remarks(taken)] == ([] if day else [True])


def test_birthday_as_long_as_a_cell_may_be_is_remarked_on_in_a_line(agent: Membership) -> None:
    header = ",".join(("reference", "birthday", *(f"other{place}" for place in range(20))))
    cells = ",".join(("C" * 200, "9 " * 65_000, *["y" * 300] * 20))

    taken = run(agent, f"{header}\n{cells}\n")

    row = ImportRow.objects.get()
    assert (taken.created, taken.remarked) == (1, 1), row.problem
    assert max(len(row.problem), len(row.beginning)) < 600
    assert row.beginning.startswith("CCC")
    assert "9 9 9" in row.problem


def test_note_of_a_hundred_thousand_characters_is_refused_and_not_cut(agent: Membership) -> None:
    taken = run(agent, f"reference,note\nC-1,{'x' * 100_001}\nC-2,{'x' * 10_000}\n")

    assert [told.startswith("Note: longer than") for _, told in problems(taken)] == [True]
    assert len(noting.read_note(customer=Customer.objects.get(reference="C-2")).text) == 10_000


def test_doubled_column_counts_once_and_columns_of_addresses_each(agent: Membership) -> None:
    run(agent, "reference,First name,first_name,email,E-Mail\nC-1,Ana,Eva,a@b.example,c@b.example\n")

    assert Customer.objects.get().first_name == "Ana"
    assert Contact.objects.count() == 2


def test_reference_of_another_workspace_is_not_found(agent: Membership, cleo: Membership) -> None:
    with tenant_scope(cleo.tenant_id):
        make_customer("Cleo's", reference="C-1")

    taken = run(agent, "reference,first_name\nC-1,Ana\n")

    assert (taken.created, taken.updated) == (1, 0)
    with tenant_scope(cleo.tenant_id):
        assert Customer.objects.get().first_name == "Cleo's"


def test_address_of_somebody_deleted_makes_a_new_customer(agent: Membership) -> None:
    run(agent, "reference,email\nC-1,ana@a.example\n")
    delete_customer(customer=Customer.objects.get(), actor=ADA, at=NOON)

    taken = run(agent, "email,first_name\nana@a.example,Ana\n", ImportMatch.EMAIL)

    assert (taken.created, taken.refused) == (1, 0)


def test_custom_field_called_like_a_usual_column_is_named_with_its_kind(agent: Membership) -> None:
    draft = defining.FieldDraft("Town", code="city")
    defining.define_field(target=FieldTarget.CUSTOMER, kind=FieldKind.STRING, draft=draft, options=[], actor=ADA)

    run(agent, "reference,city,field.city\nC-1,Porto,Gaia\n")

    customer = Customer.objects.get()
    assert customer.addresses.get().city == "Porto"
    assert read_values(customer=customer)["city"].text == "Gaia"


@pytest.mark.parametrize(
    ("telling", "days"),
    [("12/25/1990", {"1990-03-04", "1990-12-25"}), ("25/12/1990", {"1990-04-03", "1990-12-25"})],
)
def test_one_row_tells_in_which_order_all_rows_write_their_days(
    agent: Membership, telling: str, days: set[str]
) -> None:
    taken = run(agent, f"reference,birthday\nC-1,3/4/1990\nC-2,{telling}\n")

    assert (taken.created, taken.refused) == (2, 0)
    assert {str(one.birthday) for one in Customer.objects.all()} == days
