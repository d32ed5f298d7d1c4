"""Changing many customers in the browser: by boxes or all of a list; done, followed, undone; not by Cleo."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.filters import narrow
from customers.forms import batching as forms
from customers.kinds import FieldKind, FieldTarget
from customers.models import Customer, CustomerFieldValue, CustomerTag
from customers.services import defining
from jobs.models import Job
from tests.customers.actors import ADA
from tests.factories.customers import make_customer

LIST = "/acme/customers/"
BULK = f"{LIST}bulk/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def people(acme: Tenant) -> None:
    with tenant_scope(acme):
        for name in ("Ana", "Bruno", "Carla"):
            make_customer(name, "Lopes", is_bad=name == "Carla")
        for name, kind in (("Size", FieldKind.STRING), ("Weight", FieldKind.NUMBER), ("Hidden", FieldKind.STRING)):
            draft = defining.FieldDraft(name, code=name.lower(), in_bulk=name != "Hidden", is_required=name == "Size")
            defining.define_field(target=FieldTarget.CUSTOMER, kind=kind, draft=draft, actor=ADA)


def words(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


@pytest.mark.usefixtures("people")
def test_ticked_ones_are_changed_and_the_list_comes_back(as_ada: Client, acme: Tenant) -> None:
    response = as_ada.post(BULK, {"act": "vip:yes", "number": ["1", "3"], "query": "sort=name&before=abc&x=1"})

    assert (response.status_code, response["Location"]) == (302, f"{LIST}?sort=name&before=abc")
    with tenant_scope(acme):
        assert list(Customer.objects.filter(is_vip=True).order_by("number").values_list("number", flat=True)) == [1, 3]
    page = words(as_ada, LIST)
    assert "2 changed" in page
    assert "Undo" in page


@pytest.mark.usefixtures("people")
def test_htmx_is_sent_to_the_list_as_well(as_ada: Client) -> None:
    response = as_ada.post(BULK, {"act": "tag", "tag": "Press", "number": "1", "query": ""}, headers=HTMX)

    assert response["HX-Redirect"] == LIST


@pytest.mark.usefixtures("people")
def test_everything_is_what_the_list_holds(as_ada: Client, acme: Tenant) -> None:
    as_ada.post(BULK, {"act": "store:none", "everything": "1", "query": "mark=bad", "number": "1"})
    as_ada.post(BULK, {"act": "tag:Press", "everything": "1", "query": "mark=bad", "number": "1"})

    with tenant_scope(acme):
        assert list(CustomerTag.objects.values_list("customer__first_name", flat=True)) == ["Carla"]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"act": "burn"}, "Choose what to do."),
        ({"act": ""}, "Choose what to do."),
        ({"act": "manager:77"}, "This person is not a member any more."),
        ({"act": "manager:x"}, "Choose from the list."),
        ({"act": "store:3"}, "This store is not connected any more."),
        ({"act": "tag", "tag": "a,b"}, "A tag has at most 50 characters and no comma."),
        ({"act": "tag"}, "Write a tag."),
        ({"act": "field:hidden", "custom_hidden": "x"}, "This field cannot be set for many any more."),
        ({"act": "field:weight", "custom_weight": "heavy"}, "Weight: Write a number, such as 12.5."),
        ({"act": "field:size", "custom_size": ""}, "Size must be filled in."),
        ({"act": "vip:yes", "number": ["99", "x", "-1", "9" * 30]}, "No customer is selected."),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_changes(
    as_ada: Client, acme: Tenant, sent: dict[str, str], said: str
) -> None:
    page = as_ada.post(BULK, {"number": "1", **sent}, follow=True).content.decode()

    assert said in page
    with tenant_scope(acme):
        assert not Job.objects.exists()


@pytest.mark.usefixtures("people")
def test_refused_with_scripts_the_page_stays(as_ada: Client) -> None:
    answer = as_ada.post(BULK, {"act": "tag", "tag": "a,b", "number": "1"}, headers=HTMX)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A tag has at most 50 characters and no comma." in page
    assert "<html" not in page and "HX-Redirect" not in answer


@pytest.mark.usefixtures("people")
def test_value_that_was_refused_is_still_there_with_those_who_were_chosen(as_ada: Client) -> None:
    sent = {"act": "field:weight", "custom_weight": "heavy", "number": ["1", "2"], "query": "sort=name"}

    answer = as_ada.post(BULK, sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Set a field of 2 customers" in page and 'value="heavy"' in page
    assert '<input type="hidden" name="number" value="2">' in page and "?sort=name" in page


@pytest.mark.usefixtures("people")
def test_everything_of_a_long_list_is_its_newest(as_ada: Client, acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MOST", 2)

    as_ada.post(BULK, {"act": "vip:yes", "everything": "1"})

    with tenant_scope(acme):
        assert sorted(Customer.objects.filter(is_vip=True).values_list("first_name", flat=True)) == ["Bruno", "Carla"]


@pytest.mark.usefixtures("people")
def test_field_is_set_for_many(as_ada: Client, acme: Tenant) -> None:
    page = words(as_ada, f"{BULK}fields/?number=1&number=2")
    as_ada.post(BULK, {"act": "field:weight", "custom_weight": "2,5", "number": ["1", "2"]})

    assert "Set a field of 2 customers" in page
    assert 'name="custom_weight"' in page
    assert "custom_hidden" not in page
    with tenant_scope(acme):
        assert [str(one.number) for one in CustomerFieldValue.objects.all()] == ["2.5000000000"] * 2


@pytest.mark.usefixtures("people")
def test_many_are_deleted_after_asking_and_restored_from_their_list(as_ada: Client, acme: Tenant) -> None:
    asked = words(as_ada, f"{BULK}delete/?number=1&number=2&query=sort%3Dname")
    assert "Delete 2 customers?" in asked
    assert "Ana Lopes" in asked
    assert '<input type="hidden" name="number" value="2">' in asked

    as_ada.post(BULK, {"act": "delete", "number": ["1", "2"]})
    deleted = words(as_ada, f"{LIST}?deleted=yes")
    assert ("Ana Lopes" in deleted, "Carla Lopes" in deleted) == (True, False)
    as_ada.post(BULK, {"act": "restore", "everything": "1", "query": "deleted=yes"})

    with tenant_scope(acme):
        assert Customer.objects.alive().count() == 3
    assert "Nobody is selected" in words(as_ada, f"{BULK}delete/")


@pytest.mark.usefixtures("people")
def test_choices_are_a_part_of_the_list_and_a_page(as_ada: Client) -> None:
    part = as_ada.get(f"{BULK}choices/?query=mark%3Dbad", headers=HTMX).content.decode()
    page = words(as_ada, f"{BULK}?number=1&number=2&query=sort%3Dname")

    assert "All 1 in this list" in part
    assert 'value="manager:1"' in part
    assert 'value="restore"' not in part
    assert "2 customers selected" in page
    assert '<input type="hidden" name="number" value="2">' in page
    assert 'value="restore"' in words(as_ada, f"{BULK}choices/?query=deleted%3Dyes")


@pytest.mark.usefixtures("people")
def test_work_is_followed_undone_and_dismissed(as_ada: Client, acme: Tenant) -> None:
    as_ada.post(BULK, {"act": "vip:yes", "number": ["1", "2"]})
    with tenant_scope(acme):
        job = Job.objects.get().pk

    assert "2 changed" in words(as_ada, f"{BULK}jobs/{job}/")
    undone = as_ada.post(f"{BULK}jobs/{job}/undo/", {"query": "sort=name"})
    assert undone["Location"] == f"{LIST}?sort=name"
    with tenant_scope(acme):
        assert not Customer.objects.filter(is_vip=True)
    again = as_ada.post(f"{BULK}jobs/{job}/undo/", follow=True).content.decode()
    assert "There is nothing to undo any more." in again
    assert "Undoing: marking VIP" in again
    assert "2 changed" not in again  # it is no longer so
    dismissed = as_ada.post(f"{BULK}jobs/{job}/dismiss/", headers=HTMX).content.decode()
    assert f"job-{job}-bulk" not in dismissed
    assert "2 put back" in dismissed


@pytest.mark.usefixtures("people")
def test_list_that_takes_too_long_is_not_changed(as_ada: Client, acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "SECONDS", 0.001)
    monkeypatch.setattr(forms, "narrow", lambda *given: narrow(*given).extra(where=["pg_sleep(1) IS NOT NULL"]))

    page = as_ada.post(BULK, {"act": "vip:yes", "everything": "1"}, follow=True).content.decode()

    assert "The list takes too long to read." in page
    assert "in this list" not in words(as_ada, f"{BULK}choices/")
    assert "Delete many customers?" in words(as_ada, f"{BULK}delete/?everything=1")
    with tenant_scope(acme):
        assert not Customer.objects.filter(is_vip=True)


def test_asking_takes_the_same_queries_for_one_and_for_twenty(as_ada: Client, acme: Tenant) -> None:
    counts = []
    for many in (1, 20):
        with tenant_scope(acme):
            numbers = [make_customer().number for _ in range(many)]
        with CaptureQueriesContext(connection) as captured:
            as_ada.get(f"{BULK}delete/", {"number": numbers})
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.usefixtures("people")
def test_cleo_finds_nothing(
    as_ada: Client, as_cleo: Client, acme: Tenant, cleo: Membership, cleo_finds_nothing: Callable[..., None]
) -> None:
    as_ada.post(BULK, {"act": "vip:yes", "number": "1"})
    with tenant_scope(acme):
        job = Job.objects.get().pk

    for path in ("", "choices/", "fields/", "delete/"):
        assert as_cleo.get(f"{BULK}{path}").status_code == 404
    cleo_finds_nothing(f"/customers/bulk/jobs/{job}/")
    for act in ("undo", "dismiss"):
        cleo_finds_nothing(f"/customers/bulk/jobs/{job}/{act}/", method="post")
    assert as_cleo.post(BULK, {"act": "delete", "number": "1"}).status_code == 404
    as_cleo.post("/globex/customers/bulk/", {"act": "delete", "number": "1"})
    with tenant_scope(acme):
        assert Customer.objects.alive().count() == 3
