"""The list: paged, searched, the same number of queries for one and for many."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core.database.roles import as_owner
from customers.filters import CustomerFilter
from customers.kinds import ContactKind
from customers.models import Customer
from customers.views import listing
from tests.factories.customers import make_contact, make_customer

LIST = "/acme/customers/"


@pytest.fixture
def people(acme: Tenant) -> None:
    with tenant_scope(acme):
        for number, name in enumerate(("Ana", "Bruno", "Carla"), start=1):
            customer = make_customer(name, "Lopes")
            make_contact(customer, f"{name.lower()}@post.example", is_primary=True)
            make_contact(customer, f"+120255501{number:02}", ContactKind.PHONE)


def names(client: Client, **query: str) -> list[str]:
    return [customer.first_name for customer in client.get(LIST, query).context["customers"]]


@pytest.mark.usefixtures("people")
def test_list_shows_the_newest_first_with_their_main_contacts(as_ada: Client) -> None:
    response = as_ada.get(LIST)

    rows = response.context["customers"]
    assert [row.number for row in rows] == [3, 2, 1]
    assert (rows[2].email, rows[2].phone) == ("ana@post.example", "+12025550101")
    assert "ana@post.example" in response.content.decode()


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("BRU", ["Bruno"]),
        ("  bruno   lopes ", ["Bruno"]),
        ("Carla@Post.example", ["Carla"]),
        ("(202) 555-0103", []),  # no country is set
        ("+1 (202) 555-0103", ["Carla"]),
        ("nobody@post.example", []),
        ("lop%", []),
        ("\x00", ["Carla", "Bruno", "Ana"]),
        ("@", []),
    ],
)
def test_list_search_finds_by_whole_contact_or_start_of_name(as_ada: Client, query: str, found: list[str]) -> None:
    assert names(as_ada, q=query) == found


@pytest.mark.usefixtures("people")
def test_list_pages_through_everybody_once(as_ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)

    for order, expected in (("newest", ["Carla", "Bruno", "Ana"]), ("name", ["Ana", "Bruno", "Carla"])):
        first = as_ada.get(LIST, {"order": order}).context
        rest = names(as_ada, order=order, before=first["next_cursor"])
        assert [customer.first_name for customer in first["customers"]] + rest == expected


def test_list_of_nobody_says_so(as_ada: Client) -> None:
    assert "No customers yet" in as_ada.get(LIST).content.decode()
    assert "Nobody found" in as_ada.get(LIST, {"q": "Ana"}).content.decode()


def test_list_takes_the_same_queries_for_one_and_for_three(as_ada: Client, acme: Tenant) -> None:
    counts: list[int] = []
    for wanted in (1, 3):
        with tenant_scope(acme):
            for index in range(wanted - len(counts)):
                make_contact(make_customer(), f"{wanted}-{index}@post.example")
        with CaptureQueriesContext(connection) as captured:
            as_ada.get(LIST)
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.usefixtures("people")
def test_list_of_acme_is_nothing_to_cleo(as_cleo: Client) -> None:
    assert as_cleo.get(LIST).status_code == 404
    assert as_cleo.get("/globex/customers/", {"q": "ana@post.example"}).context["customers"] == ()


@pytest.mark.django_db(transaction=True)
def test_name_search_uses_its_index_under_row_level_security(acme: Tenant) -> None:
    with tenant_scope(acme), transaction.atomic():
        Customer.objects.bulk_create(Customer(number=n, name_folded=f"name{n}") for n in range(1000))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer")

    with tenant_scope(acme), transaction.atomic():
        plan = CustomerFilter("name12", "name").rows().order_by("name_folded", "id").explain()

    assert "name_folded)::text >= 'name12'" in plan[plan.index("Index Cond") :].split("\n")[0]
