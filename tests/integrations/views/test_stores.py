"""The pages of stores: for admins only, and what can be done there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.kinds import NoteSync
from customers.models import Customer
from customers.services import noting
from demo.store.serving import StoreHandle
from events.models import Event
from integrations.models import Connection, StoreCustomer
from tests.factories.customers import make_customer
from tests.factories.integrations import make_connection, make_link
from tests.integrations.conftest import AGENT, SHOP

SignIn = Callable[[Membership], Client]


@pytest.fixture
def connection(acme: Tenant) -> Connection:
    with tenant_scope(acme):
        return make_connection(SHOP, name="Acme Home & Garden")


@pytest.fixture
def differing(acme: Tenant, connection: Connection) -> StoreCustomer:
    with tenant_scope(acme):
        customer: Customer = make_customer("Ana", "Lopes")
        noting.save_note(customer=customer, text="<b>Ours</b>", based_on=0, actor=AGENT, at=clock.now())
        connection.mark_note_sync(on=True)
        return make_link(connection, customer, "1", remote_text="Theirs", note_state=NoteSync.DIFFERS)


def reload(tenant: Tenant, row: Any) -> Any:
    with tenant_scope(tenant):
        row.refresh_from_db()
    return row


def test_list_and_page_show_the_store(connection: Connection, ada: Membership, sign_in: SignIn) -> None:
    client = sign_in(ada)

    listed, shown = (client.get(path).content.decode() for path in ("/acme/stores/", "/acme/stores/1/"))

    assert "Acme Home &amp; Garden" in listed and "/acme/stores/1/" in listed
    assert SHOP in shown and "Not tested yet" in shown and "Not decided" in shown
    assert "demo-token" not in shown + listed and "demo-secret" not in shown + listed


def test_htmx_gets_the_changing_part_alone(connection: Connection, ada: Membership, sign_in: SignIn) -> None:
    part = sign_in(ada).get("/acme/stores/1/", headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith('<div id="connection-1-facts"') and "<html" not in part


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("get", "1/"),
        ("post", "1/check/"),
        ("post", "1/note-sync/"),
        ("post", "1/notes/1/"),
    ],
)
def test_agents_and_strangers_find_nothing(
    differing: StoreCustomer, bela: Membership, cleo: Membership, sign_in: SignIn, acme: Tenant, method: str, path: str
) -> None:
    for member, workspace in ((bela, "acme"), (cleo, "acme"), (cleo, "globex")):
        if (path, workspace) == ("", "globex"):
            continue  # her own list
        answer = getattr(sign_in(member), method)(f"/{workspace}/stores/{path}", {"sync_notes": "", "choice": "ours"})
        assert answer.status_code == 404
    assert reload(acme, differing.connection).sync_notes is True


def test_cleos_list_is_empty(connection: Connection, cleo: Membership, sign_in: SignIn) -> None:
    assert SHOP not in sign_in(cleo).get("/globex/stores/").content.decode()


@pytest.mark.parametrize("number", [2, 2**31, 2**70])
def test_store_nobody_has_is_not_found(connection: Connection, ada: Membership, sign_in: SignIn, number: int) -> None:
    assert sign_in(ada).get(f"/acme/stores/{number}/").status_code == 404
    assert sign_in(ada).post(f"/acme/stores/1/notes/{number}/", {"choice": "ours"}).status_code == 404


def test_admin_answers_the_question_and_takes_it_back(
    connection: Connection, acme: Tenant, ada: Membership, sign_in: SignIn
) -> None:
    client = sign_in(ada)
    seen = []
    for answer in ("", "on", "on", ""):
        response = client.post("/acme/stores/1/note-sync/", {"sync_notes": answer})
        assert (response.status_code, response["Location"]) == (302, "/acme/stores/1/")
        seen.append(reload(acme, connection).sync_notes)

    assert seen == [False, True, True, False]
    with tenant_scope(acme):
        events = Event.objects.filter(type="store.note_sync_switched").order_by("pk")
        assert [(event.data["on"], event.actor_name) for event in events] == [
            (False, "Ada"),
            (True, "Ada"),
            (False, "Ada"),
        ]


def test_page_lists_what_differs_and_takes_a_choice(
    differing: StoreCustomer, acme: Tenant, ada: Membership, sign_in: SignIn
) -> None:
    client = sign_in(ada)
    page = client.get("/acme/stores/1/").content.decode()
    assert "&lt;b&gt;Ours&lt;/b&gt;" in page and "Theirs" in page

    bad = client.post("/acme/stores/1/notes/1/", {"choice": "neither"})
    good = client.post("/acme/stores/1/notes/1/", {"choice": "stores"})
    again = client.post("/acme/stores/1/notes/1/", {"choice": "ours"}, follow=True)

    assert (bad.status_code, good.status_code) == (400, 302)
    assert "have been settled meanwhile" in again.content.decode()
    with tenant_scope(acme):
        assert noting.read_note(customer=differing.customer).text == "Theirs"


@pytest.mark.django_db(transaction=True)
def test_test_button_calls_the_store_and_says_what_is_wrong(
    acme: Tenant, ada: Membership, sign_in: SignIn, store: StoreHandle
) -> None:
    with transaction.atomic(), tenant_scope(acme):
        make_connection(SHOP)
    client = sign_in(ada)

    good = client.post("/acme/stores/1/check/", follow=True).content.decode()
    store.control(SHOP, {"expire_token": True})
    bad = client.post("/acme/stores/1/check/", follow=True).content.decode()

    assert "Acme Home &amp; Garden answers" in good and "Working" in good
    assert "no longer accepts our access token" in bad and "Disconnected" in bad


def test_pages_take_the_same_number_of_queries(
    connection: Connection, acme: Tenant, ada: Membership, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(ada)
    client.get("/acme/stores/")
    counts = []
    for more in (0, 2):
        for number in range(more):
            with tenant_scope(acme):
                other = make_connection(f"more-{number}.myshopify.com")
                make_link(other, make_customer(f"M{number}", ""), "1")
        with django_assert_max_num_queries(30) as queries:
            client.get("/acme/stores/")
            client.get("/acme/stores/1/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
