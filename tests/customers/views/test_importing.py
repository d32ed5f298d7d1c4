"""Admins import a file: choose it, say what its columns are, try it, do it, read the outcome."""

from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.kinds import ImportEvent
from customers.models import Customer, CustomerImport
from customers.services.describing import rename_customer
from customers.services.importing import undoing, working
from events.models import Event
from jobs.models import Job
from tests.customers.actors import ADA

SignIn = Callable[[Membership], Client]
URL = "/acme/customers/import/"
PAGE = f"{URL}1/"
TABLE = "Who,Mail,Town\nAna,ana@a.example,Lisboa\nEva,eva at,Porto\n"


@pytest.fixture(autouse=True)
def reading(acme: Tenant) -> Iterator[None]:
    with tenant_scope(acme):
        yield


@pytest.fixture
def client(ada: Membership, sign_in: SignIn) -> Client:
    return sign_in(ada)


def upload(client: Client, content: str = TABLE) -> int:
    file = SimpleUploadedFile("people.csv", content.encode(), content_type="text/csv")
    return int(client.post(URL, {"file": file}).status_code)


def work(client: Client, act: str, **columns: str) -> int:
    chosen = {"column0": "first_name", "column1": "email", "column2": "city", **columns}
    status = int(client.post(f"{PAGE}begin/", {"act": act, "match": "reference", **chosen}).status_code)
    for event in Event.objects.filter(type=ImportEvent.PLANNED.name).order_by("pk"):
        working.work_import(job_id=event.data["job"], at=clock.now(), cause=event, seconds=9)
    return status


def text(client: Client, url: str = PAGE) -> str:
    return str(client.get(url).content.decode())


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)
    return len(asked)


def test_file_is_looked_at_tried_and_imported(client: Client) -> None:
    assert upload(client) == 302
    page = text(client)
    assert 'value="city" selected' in page  # "Town" is known for a city
    assert "ana@a.example" in page

    assert work(client, "try") == 302
    page = text(client)
    assert "This would happen" in page
    assert "<dt>Created</dt><dd>1</dd>" in page
    assert "<dt>Refused</dt><dd>1</dd>" in page
    assert not Customer.objects.exists()
    assert work(client, "start") == 302

    assert Customer.objects.get().first_name == "Ana"
    page = text(client)
    assert "“eva at” is no e-mail address." in page
    assert 'name="act"' not in page
    table = b"".join(client.get(f"{PAGE}refused.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert '"Eva","eva at","Porto"' in table
    assert "1 created, 1 refused" in text(client, URL)


def test_running_import_shows_how_far_it_is_and_asks_again(client: Client) -> None:
    upload(client)
    client.post(f"{PAGE}begin/", {"act": "start", "match": "reference", "column0": "first_name"})
    Job.objects.update(done=1, total=2)

    part = text(client, f"{PAGE}body/")

    assert "1 of 2 rows" in part
    assert f'data-live="job-{Job.objects.get().pk}"' in part
    assert "<html" not in part
    client.post(f"{PAGE}begin/", {"act": "start", "match": "reference", "column0": "first_name"})
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"column1": "first_name"}, "Another column is this already."),
        ({"column0": "", "column1": "", "column2": ""}, "Say of at least one column what it is."),
    ],
)
def test_columns_that_make_no_sense_are_refused(client: Client, columns: dict[str, str], problem: str) -> None:
    upload(client)
    sent = {"act": "try", "match": "reference", "column0": "first_name", **columns}

    response = client.post(f"{PAGE}begin/", sent)

    assert response.status_code == 422
    assert problem in response.content.decode()
    assert not Job.objects.exists()


def test_file_that_is_no_table_is_refused_with_the_reason(client: Client) -> None:
    file = SimpleUploadedFile("people.xlsx", b"PK\x03\x04 a workbook")

    response = client.post(URL, {"file": file})

    assert response.status_code == 422
    assert "save as CSV" in response.content.decode()


def test_stopped_import_offers_to_go_on(client: Client) -> None:
    upload(client)
    client.post(f"{PAGE}begin/", {"act": "start", "match": "reference", "column0": "first_name"})
    working.fail_import(job_id=Job.objects.get().pk, reason="the disk is full", at=clock.now())
    assert "Stopped: the disk is full" in text(client)

    assert client.post(f"{PAGE}go-on/").status_code == 302

    assert Job.objects.count() == 2
    assert client.post(f"{PAGE}forget/").status_code == 302
    assert CustomerImport.objects.exists()


def test_file_is_read_as_somebody_says_and_dropped(client: Client) -> None:
    upload(client, "Name;Mail,x\nAna;ana@a.example,y\n")
    assert client.post(f"{PAGE}writing/", {"encoding": "utf-8", "delimiter": ";"}).status_code == 302
    assert CustomerImport.objects.get().dialect["columns"] == ["Name", "Mail,x"]

    client.post(f"{PAGE}writing/", {"encoding": "utf-32-le", "delimiter": ";"})
    assert CustomerImport.objects.get().dialect["encoding"]["name"] == "utf-8"
    assert client.post(f"{PAGE}forget/").status_code == 302

    assert not CustomerImport.objects.exists()


def test_page_asks_the_same_number_of_queries_however_many_rows(client: Client) -> None:
    upload(client)
    work(client, "start")
    client.get(PAGE)
    few = queries(client)
    upload(client, "Who,Mail,Town\n" + "Eva,eva at,Porto\n" * 70)
    CustomerImport.objects.get(number=1).delete()
    CustomerImport.objects.update(number=1)
    work(client, "start")

    assert queries(client) == few
    assert "?after=51&amp;" in text(client)
    assert "Line 1" not in text(client, f"{PAGE}?after=51")


REMARKED = "Who,Mail,Town,Born\nAna,ana@a.example,Lisboa,19451332\nEva,eva at,Porto,\n"


def test_rows_taken_with_a_remark_are_told_before_and_after(client: Client) -> None:
    upload(client, REMARKED)
    work(client, "try", column3="birthday")
    page = text(client)
    assert "1 of the rows taken</a> has a remark" in page
    assert "Would be taken with a remark" in page
    assert "Birthday “19451332” is no day: left out." in page
    assert "A new one" in page

    work(client, "start", column3="birthday")

    page = text(client)
    ana = Customer.objects.get()
    assert "Taken with a remark" in page
    assert "Birthday “19451332” is no day: left out." in page
    assert "Ana · ana@a.example · Lisboa · 19451332" in page
    assert f'href="/acme/customers/{ana.number}/" dir="auto">Ana</a>' in page
    assert "1 created, 1 refused; 1 taken with a remark" in text(client, URL)
    table = b"".join(client.get(f"{PAGE}refused.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Ana" not in table


def test_lists_of_rows_are_leafed_through_each_by_itself_with_as_many_queries(client: Client) -> None:
    upload(client, REMARKED)
    work(client, "start", column3="birthday")
    client.get(PAGE)
    few = queries(client)
    upload(client, "Who,Mail,Town,Born\n" + "Eva,eva at,Porto,\nAna,,,x\n" * 60)
    CustomerImport.objects.get(number=1).delete()
    CustomerImport.objects.update(number=1)
    work(client, "start", column3="birthday")

    assert queries(client) == few
    assert "?after=100&amp;after_remark=0#import-refused" in text(client)
    assert "?after=0&amp;after_remark=101#import-remarked" in text(client)
    page = text(client, f"{PAGE}?after=100&after_remark=101")
    assert [f"</span>{line}</td>" in page for line in (100, 101, 102, 103, 121)] == [False, False, True, True, True]
    assert "#import-re" not in page.replace('"#import-remarked"', "")


def test_import_is_not_undone_after_somebody_was_touched(client: Client) -> None:
    upload(client)
    work(client, "start")
    rename_customer(customer=Customer.objects.get(), first_name="Anna", last_name="", actor=ADA)

    page = client.post(f"{PAGE}undo/", follow=True).content.decode()

    assert "something else happened since to customer 1." in page
    assert Customer.objects.exists()


def test_import_is_undone(client: Client) -> None:
    upload(client)
    work(client, "start")

    client.post(f"{PAGE}undo/")

    assert "Undoing the import" in text(client)
    cause = Event.objects.filter(type=ImportEvent.PLANNED.name).latest("pk")
    job_id = cause.data["job"]
    undoing.work_undoing(job_id=job_id, at=clock.now(), cause=cause, seconds=9)
    assert "1 row undone" in text(client)
    assert "Undo the import" not in text(client)
    assert not Customer.objects.exists()


PATHS = ("undo/", "", "body/", "begin/", "go-on/", "writing/", "forget/", "refused.csv")


@pytest.mark.parametrize("path", PATHS)
def test_agents_and_other_workspaces_find_nothing(
    client: Client, bela: Membership, cleo: Membership, sign_in: SignIn, path: str
) -> None:
    upload(client)
    ways = {"undo/", "begin/", "go-on/", "writing/", "forget/"}

    for member in (bela, cleo):
        other = sign_in(member)
        assert (other.post if path in ways else other.get)(f"{PAGE}{path}").status_code == 404
        assert other.get(URL).status_code == 404

    assert CustomerImport.objects.exists()
    assert client.get(f"{URL}2/").status_code == 404
