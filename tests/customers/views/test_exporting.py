"""Admins export a list, follow the work and fetch the file while it is there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.filters.exporting import read_export
from customers.models import Customer, CustomerExport
from customers.services import exporting

EXPORT = "/acme/customers/export/"
EXPORTS = "/acme/customers/exports/"
LINE = f"{EXPORTS}1/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def work(acme: Tenant) -> Callable[[], None]:
    """As the worker."""

    def write() -> None:
        with tenant_scope(acme):
            exporting.write_list(export_id=CustomerExport.objects.get().pk, read=read_export, at=clock.now())

    return write


def fetch(client: Client, path: str) -> bytes:
    response: Any = client.get(path)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_list_leads_admins_to_its_export(as_ada: Client, as_bela: Client, ana: Customer) -> None:
    assert f'href="{EXPORT}?language=pt"' in as_ada.get("/acme/customers/?language=pt").content.decode()
    assert EXPORT not in as_bela.get("/acme/customers/?language=pt").content.decode()


def test_form_says_whom_the_file_is_about(as_ada: Client) -> None:
    page = as_ada.get(f"{EXPORT}?language=pt&nonsense=1").content.decode()

    assert 'name="query" value="language=pt"' in page
    assert "Portuguese" in page
    assert 'value="email" id' in page
    assert "All customers." in as_ada.get(EXPORT).content.decode()


def test_export_is_asked_for_followed_and_fetched(as_ada: Client, ana: Customer, work: Callable[[], None]) -> None:
    asked = as_ada.post(EXPORT, {"query": "sort=name", "columns": ["number", "first_name"]})
    assert asked["Location"] == EXPORTS
    waiting = as_ada.get(EXPORTS).content.decode()
    assert 'id="export-1-line"' in waiting
    assert "data-live" in waiting
    assert f"{LINE}file/" not in waiting
    assert as_ada.get(f"{LINE}file/").status_code == 404

    work()

    line = as_ada.get(LINE, headers=HTMX).content.decode()
    assert "1 customer" in line
    assert "data-live" not in line
    assert f'href="{LINE}file/"' in line
    assert b'"number","first_name"\r\n1,"Ana"' in fetch(as_ada, f"{LINE}file/")


def test_columns_are_remembered(as_ada: Client) -> None:
    as_ada.post(EXPORT, {"columns": ["number"]})

    form = as_ada.get(EXPORT).context["form"]

    assert form.initial["columns"] == ["number"]


def test_nothing_chosen_is_told_and_keeps_the_list(as_ada: Client) -> None:
    answer = as_ada.post(EXPORT, {"query": "language=pt"})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Choose at least one column." in page
    assert 'value="language=pt"' in page


def test_file_is_no_longer_given_when_its_time_is_over(
    as_ada: Client, acme: Tenant, ana: Customer, work: Callable[[], None]
) -> None:
    as_ada.post(EXPORT, {"columns": ["number"]})
    work()
    with tenant_scope(acme):
        CustomerExport.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    assert as_ada.get(f"{LINE}file/").status_code == 404
    assert "no file any more" in as_ada.get(EXPORTS).content.decode()


def test_file_is_dropped(as_ada: Client, ana: Customer, work: Callable[[], None]) -> None:
    as_ada.post(EXPORT, {"columns": ["number"]})
    work()

    page = as_ada.post(f"{LINE}drop/", follow=True).content.decode()

    assert "The file is gone." in page
    assert as_ada.get(f"{LINE}file/").status_code == 404


def test_line_alone_is_for_htmx(as_ada: Client) -> None:
    as_ada.post(EXPORT, {"columns": ["number"]})

    assert as_ada.get(LINE)["Location"] == EXPORTS


def test_queries_do_not_grow_with_the_exports(as_ada: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        as_ada.post(EXPORT, {"columns": ["number"], "query": "language=pt"})

    with django_assert_max_num_queries(12):
        as_ada.get(EXPORTS)


@pytest.mark.parametrize("path", ["export/", "exports/", "exports/1/", "exports/1/file/"])
def test_exports_are_for_admins_of_the_workspace(
    as_ada: Client, as_bela: Client, ana: Customer, cleo_finds_nothing: Callable[..., None], path: str
) -> None:
    as_ada.post(EXPORT, {"columns": ["number"]})

    assert as_bela.get(f"/acme/customers/{path}").status_code == 404
    if path.startswith("exports/1/"):
        cleo_finds_nothing(f"/customers/{path}")


def test_starting_and_dropping_are_for_admins_of_the_workspace(
    as_ada: Client, as_bela: Client, acme: Tenant, cleo_finds_nothing: Callable[..., None]
) -> None:
    as_ada.post(EXPORT, {"columns": ["number"]})

    assert as_bela.post(EXPORT, {"columns": ["number"]}).status_code == 404
    assert as_bela.post(f"{LINE}drop/").status_code == 404
    cleo_finds_nothing("/customers/exports/1/drop/", "post")
    with tenant_scope(acme):
        assert CustomerExport.objects.count() == 1
