"""The worklist of possible duplicates, the hint beside a customer, and those who were said to be two."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Tenant
from accounts.services.configuring import write_settings
from accounts.tenancy import tenant_scope
from customers.models import Customer, Suggestion
from customers.services import deleting
from customers.services.suggesting import working
from customers.services.suggesting.dismissing import dismiss, pair_of
from jobs.models import Job
from tests.customers.actors import ADA, NOON
from tests.customers.suggested import HTMX, PAGE, suggest, text_of
from tests.factories.customers import make_contact, make_customer


def test_pair_stands_side_by_side_with_what_speaks_for_it_and_against(
    as_bela: Client, ana: Customer, anna: Customer, acme: Tenant
) -> None:
    with tenant_scope(acme):
        Customer.objects.filter(pk=ana.pk).update(birthday=date(1990, 5, 4))
        Customer.objects.filter(pk=anna.pk).update(birthday=date(1962, 5, 4))

    page = text_of(as_bela)

    assert "Ana Lopes" in page
    assert "Anna Lopez" in page
    assert "Very likely, 97 %" in page
    assert '<span class="badge badge--open">same phone</span>' in page
    assert '<span class="badge badge--warn">different birthday</span>' in page
    assert '<span class="badge badge--warn">different name</span>' in page
    assert page.count("May 4, ") == 2
    assert page.count('<bdi class="pair__common">+351 912 345 678</bdi>') == 2
    assert 'href="/acme/customers/1/merge/?other=2&amp;next=%2Facme%2Fcustomers%2Fduplicates%2F"' in page


def test_likeliest_come_first_and_the_next_page_goes_on(as_ada: Client, acme: Tenant) -> None:
    with tenant_scope(acme):
        people = [make_customer(f"Person{number}") for number in range(48)]
        for number in range(24):
            suggest(people[number * 2], people[number * 2 + 1], score=0.7 + number / 100)

    first = text_of(as_ada)

    assert first.index("Person46") < first.index("Person44")
    assert "24 pairs of customers" in first
    assert "Person0 " not in first
    older = first.split('rel="next" href="')[1].split('"')[0]
    second = text_of(as_ada, older)
    assert "Person0 " in second
    assert "Person46" not in second


def test_list_of_customers_leads_to_the_worklist_and_counts_it(as_bela: Client, anna: Customer) -> None:
    page = text_of(as_bela, "/acme/customers/")

    assert f'href="{PAGE}"' in page
    assert '<span class="badge">1<span class="sr-only"> pairs wait</span></span>' in page


def test_without_pairs_it_says_so(as_ada: Client, ana: Customer) -> None:
    assert "No possible duplicates" in text_of(as_ada)


def test_deleted_customers_are_in_no_pair(as_ada: Client, anna: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        deleting.delete_customer(customer=anna, actor=ADA, at=NOON)

    assert "No possible duplicates" in text_of(as_ada)
    assert "May be the same person" not in text_of(as_ada, "/acme/customers/1/")


def test_name_of_markup_is_shown_as_it_is(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        suggest(ana, make_customer("<script>x</script>"))

    page = text_of(as_ada)

    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


@pytest.mark.parametrize("cursor", ["x", "WyJhIiwibmFuIiwiMSJd", "%00", "9" * 5000])
def test_cursor_of_nowhere_is_the_first_page(as_ada: Client, anna: Customer, cursor: str) -> None:
    assert "Anna Lopez" in text_of(as_ada, f"{PAGE}?before={cursor}")


@pytest.mark.parametrize("url", [PAGE, f"{PAGE}dismissed/", "/acme/customers/1/", "/acme/customers/"])
def test_pages_ask_as_much_for_many_pairs(
    as_bela: Client, ana: Customer, anna: Customer, acme: Tenant, url: str
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_bela.get(url)
        return len(queries)

    with tenant_scope(acme):
        dismiss(pair=pair_of(ana, make_customer("Bruno")), actor=ADA, at=NOON)
    count()
    few = count()
    with tenant_scope(acme):
        for number in range(50):
            other = make_customer(f"Other {number}")
            make_contact(other, f"other{number}@post.example")
            suggest(ana, other, score=0.5)
            dismiss(pair=pair_of(anna, other), actor=ADA, at=NOON)

    assert count() == few


def test_where_only_admins_merge_an_agent_is_offered_none(
    as_bela: Client, as_ada: Client, anna: Customer, acme: Tenant
) -> None:
    with tenant_scope(acme):
        write_settings(values={"customers.merged_by": "admins"})

    for url in (PAGE, "/acme/customers/1/"):
        assert "/merge/" not in text_of(as_bela, url)
        assert "Not the same person" in text_of(as_bela, url)
        assert "/merge/" in text_of(as_ada, url)


def test_htmx_is_answered_the_live_part_alone(as_ada: Client, anna: Customer) -> None:
    for url in (PAGE, f"{PAGE}dismissed/"):
        assert "<html" not in text_of(as_ada, url, **HTMX)
    part = text_of(as_ada, PAGE, **HTMX)
    assert 'data-live="duplicates" data-worklist' in part
    assert f'hx-get="{PAGE}" hx-trigger="live"' in part


def test_duplicates_are_nothing_to_cleo(
    as_cleo: Client, cleo_finds_nothing: Callable[..., None], anna: Customer, acme: Tenant
) -> None:
    assert as_cleo.get(PAGE).status_code == 404
    assert "Anna" not in text_of(as_cleo, "/globex/customers/duplicates/")
    for verb in ("dismiss", "suggest"):
        cleo_finds_nothing(f"/customers/1/duplicates/2/{verb}/", "post")

    with tenant_scope(acme):
        assert Suggestion.objects.exists()


def test_admin_has_all_compared_and_sees_how_far_it_is(as_ada: Client, as_bela: Client, ana: Customer) -> None:
    assert "Compare all customers" in text_of(as_ada)
    assert "Compare all customers" not in text_of(as_bela)
    assert as_bela.post(f"{PAGE}compare/").status_code == 404

    assert as_ada.post(f"{PAGE}compare/").headers["Location"] == PAGE

    for page in (text_of(as_ada), text_of(as_bela)):
        assert "Comparing all customers" in page
        assert "Waiting" in page
        assert 'data-live="duplicates job-' in page


def test_comparing_is_nothing_to_cleo(as_cleo: Client, ana: Customer, acme: Tenant) -> None:
    assert as_cleo.post(f"{PAGE}compare/").status_code == 404

    with tenant_scope(acme):
        assert not Job.objects.exists()


def test_end_of_comparing_says_what_came_of_it(as_bela: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        job = working.take_over(at=NOON)
        for _ in working.work_through(job=job, at=NOON):
            pass

    page = text_of(as_bela)

    assert "All were compared" in page
    assert "0 suggestions" in page
