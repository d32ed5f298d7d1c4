"""The audit: what stands in it, how it is narrowed, and its file."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.kinds import SYSTEM, Actor, ActorKind
from accounts.models import Membership
from accounts.tenancy import tenant_scope
from core import clock
from customers.kinds import ContactKind, CustomerEvent
from customers.models import Customer
from customers.services.deleting import delete_customer
from customers.services.erasing import erase_customer, plan_erasure
from events.kinds import EventType
from events.models import Event
from events.services import auditing
from events.services.recording import record
from integrations.kinds import StoreEvent
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection
from tests.factories.tickets import make_inbox, make_ticket
from tickets.kinds import InboxEvent, TicketEvent

SignIn = Callable[[Membership], Client]
PATH, FILE = "/acme/settings/audit/", "/acme/settings/audit/export/"


@pytest.fixture
def ana(ada: Membership) -> Customer:
    with tenant_scope(ada.tenant):
        return make_customer()


def tell(ana: Customer, actor: Actor, type: EventType = CustomerEvent.DELETED, **facts: Any) -> Event:
    with tenant_scope(ana.tenant):
        return record(type, subject=ana, actor=actor, customer_id=ana.pk, **facts)


def shown(client: Client, query: str = "") -> list[int]:
    """The events of a page, from top to bottom."""
    content = client.get(f"{PATH}?{query}").content.decode()
    return [int(part.partition('"')[0]) for part in content.split('<tr id="audit-')[1:]]


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_page_says_who_did_what_and_about_whom(
    sign_in: SignIn, ada: Membership, bela: Membership, ana: Customer
) -> None:
    tell(ana, bela.as_actor(), CustomerEvent.EDITED, data={"fields": ["first_name", "manager_id"]})

    content = sign_in(ada).get(PATH).content.decode()

    assert "Customer edited: first name, manager" in content
    assert "<bdi>Bela</bdi>" in content
    assert f'href="/acme/customers/{ana.number}/"' in content
    assert "Ana Lopes" in content


def test_page_without_anything_says_so(sign_in: SignIn, ada: Membership) -> None:
    client = sign_in(ada)

    assert "Nothing happened yet" in client.get(PATH).content.decode()
    assert "Nothing of this kind" in client.get(f"{PATH}?group=notes").content.decode()


def test_newest_stands_first_and_what_is_no_matter_of_an_audit_nowhere(
    sign_in: SignIn, ada: Membership, ana: Customer
) -> None:
    first = tell(ana, ada.as_actor())
    second = tell(ana, ada.as_actor(), CustomerEvent.RESTORED)
    tell(ana, SYSTEM, CustomerEvent.BATCH_PLANNED, data={"job": 1})

    assert shown(sign_in(ada)) == [second.pk, first.pk]


def test_page_is_for_admins_and_of_their_workspace(
    sign_in: SignIn, ada: Membership, bela: Membership, cleo: Membership, ana: Customer
) -> None:
    tell(ana, ada.as_actor())

    for client, status in ((sign_in(bela), 404), (sign_in(cleo), 404), (sign_in(ada), 200)):
        assert client.get(PATH).status_code == status
        assert client.post(FILE).status_code == status
    assert b"Ana" not in sign_in(cleo).get("/globex/settings/audit/").content
    assert b"Ana" not in sign_in(cleo).post("/globex/settings/audit/export/").getvalue()


def test_filters_narrow_by_heading_person_machine_and_customer(
    sign_in: SignIn, ada: Membership, bela: Membership, ana: Customer
) -> None:
    with tenant_scope(ada.tenant):
        other = make_customer("Olga", "Petrova")
    deleted = tell(ana, bela.as_actor())
    noted = tell(ana, ada.as_actor(), CustomerEvent.NOTE_SAVED, data={"version": 2, "origin": "agent"})
    made = tell(other, SYSTEM, CustomerEvent.CREATED, data={"origin": "system"})
    client = sign_in(ada)

    assert shown(client, "group=notes") == [noted.pk]
    assert shown(client, f"who={bela.number}") == [deleted.pk]
    assert shown(client, "who=system") == [made.pk]
    assert shown(client, f"customer={ana.number}") == [noted.pk, deleted.pk]
    assert shown(client, f"customer={ana.number}&group=data&who={bela.number}") == [deleted.pk]
    assert shown(client, "who=77") == shown(client, "customer=77") == []


def test_id_of_a_machine_is_not_taken_for_a_member(sign_in: SignIn, ada: Membership, ana: Customer) -> None:
    tell(ana, Actor(ActorKind.STORE, ada.pk, "acme-demo"))

    assert shown(sign_in(ada), f"who={ada.number}") == []
    assert len(shown(sign_in(ada), "who=store")) == 1


def test_days_are_the_readers_and_both_counted(sign_in: SignIn, ada: Membership, ana: Customer) -> None:
    ada.mark_time_zone(time_zone="Asia/Tokyo")
    late = tell(ana, SYSTEM, at=datetime(2026, 3, 9, 15, 0, tzinfo=UTC))  # midnight in Tokyo: the 10th begins
    early = tell(ana, SYSTEM, CustomerEvent.RESTORED, at=datetime(2026, 3, 9, 14, 59, 59, tzinfo=UTC))
    client = sign_in(ada)

    assert shown(client, "from=2026-03-10&to=2026-03-10") == [late.pk]
    assert shown(client, "from=2026-03-09&to=2026-03-09") == [early.pk]
    assert shown(client, "from=2026-03-09") == [late.pk, early.pk]
    assert shown(client, "to=2026-03-08") == []


@pytest.mark.parametrize(
    "query",
    ["group=x&who=-1&customer=x", "from=0001-01-01&to=9999-12-31", "who=\x00", "customer=" + "9" * 30, "page=x"],
)
def test_page_bears_odd_addresses(sign_in: SignIn, ada: Membership, query: str) -> None:
    assert sign_in(ada).get(f"{PATH}?{query}").status_code == 200


def test_pages_follow_each_other_and_keep_the_filter(
    sign_in: SignIn, ada: Membership, ana: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "PAGE", 2)
    events = [tell(ana, ada.as_actor()).pk for _ in range(5)][::-1]
    tell(ana, SYSTEM)
    client, found, query = sign_in(ada), [], f"who={ada.number}"

    for _ in range(3):
        found += shown(client, query)
        content = client.get(f"{PATH}?{query}").content.decode()
        query = content.partition('rel="next" href="/acme/settings/audit/?')[2].partition('"')[0].replace("&amp;", "&")

    assert found == events
    assert query == ""


def test_page_asks_as_often_for_many_as_for_few(sign_in: SignIn, ada: Membership, ana: Customer) -> None:
    def things(count: int) -> None:
        with tenant_scope(ada.tenant):
            for number in range(count):
                inbox = make_inbox(f"a{Event.objects.count()}@acme.example")
                ticket = make_ticket(inbox, customer=make_customer(f"C{number}"))
                data = {"other": 1, "messages": 1}
                record(TicketEvent.SPLIT, subject=ticket, actor=SYSTEM, data=data, customer_id=ticket.customer_id)
                record(InboxEvent.EDITED, subject=inbox, actor=SYSTEM, data={"changes": []})

    client, counts = sign_in(ada), []
    for count in (1, 8):
        things(count)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PATH).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_what_it_is_about_is_named_and_linked(sign_in: SignIn, ada: Membership) -> None:
    with tenant_scope(ada.tenant):
        inbox, store = make_inbox(name="Support"), make_connection("acme.myshopify.com", name="Acme shop")
        record(InboxEvent.EDITED, subject=inbox, actor=SYSTEM, data={"changes": []})
        data = {"connection": store.pk, "on": True}
        record(StoreEvent.NOTE_SYNC_SWITCHED, subject=store, actor=ada.as_actor(), data=data)

    content = sign_in(ada).get(PATH).content.decode()

    assert f'<a href="/acme/settings/inboxes/{inbox.number}/" dir="auto">Support</a>' in content
    assert f'<a href="/acme/stores/{store.number}/" dir="auto">Acme shop</a>' in content
    assert "Note sync on" in content


def test_file_holds_what_was_chosen_and_is_recorded(sign_in: SignIn, ada: Membership, ana: Customer) -> None:
    tell(ana, Actor(SYSTEM.kind, None, "=HYPERLINK(1)"), CustomerEvent.CONTACT_ADDED, data=_contact())
    tell(ana, ada.as_actor(), CustomerEvent.NOTE_SAVED, data={"version": 2, "origin": "agent"})

    response = sign_in(ada).post(FILE, {"group": "data"})
    rows = rows_of(response)

    assert [row["What"] for row in rows] == ["Contact added: email"]
    assert rows[0]["Who"].lstrip("'") == "=HYPERLINK(1)" and not rows[0]["Who"].startswith("=")
    assert (rows[0]["Customer"], rows[0]["Customer name"]) == (str(ana.number), "Ana Lopes")
    assert response["Content-Disposition"].startswith('attachment; filename="audit-acme-')
    with tenant_scope(ada.tenant):
        event = Event.objects.get(type="audit.exported")
    assert (event.actor_id, event.data, event.audit_group) == (ada.pk, {"query": "Customers' data"}, "privacy")


def test_file_goes_over_batches_and_leaves_nothing_out(
    sign_in: SignIn, ada: Membership, ana: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "BATCH", 3)
    for _ in range(7):
        tell(ana, SYSTEM)

    assert len(rows_of(sign_in(ada).post(FILE, {"who": "system"}))) == 7


def test_reading_the_file_is_not_allowed_by_a_link(sign_in: SignIn, ada: Membership) -> None:
    assert sign_in(ada).get(FILE).status_code == 405


def _contact() -> dict[str, object]:
    return {"kind": str(ContactKind.EMAIL), "contact": 1}


def test_customer_leads_admins_to_what_was_done_with_them(
    sign_in: SignIn, ada: Membership, bela: Membership, ana: Customer
) -> None:
    page, audit = f"/acme/customers/{ana.number}/", f"{PATH}?customer={ana.number}"

    assert f'href="{audit}"' in sign_in(ada).get(page).content.decode()
    assert audit not in sign_in(bela).get(page).content.decode()
    with tenant_scope(ada.tenant):
        delete_customer(customer=ana, actor=ada.as_actor(), at=clock.now())
    assert f'href="{audit}"' in sign_in(ada).get(page).content.decode()
    assert audit not in sign_in(bela).get(page).content.decode()


def test_deleted_customer_is_named_and_an_erased_one_is_not(sign_in: SignIn, ada: Membership, ana: Customer) -> None:
    client, audit = sign_in(ada), f"{PATH}?customer={ana.number}"
    tell(ana, ada.as_actor(), CustomerEvent.CREATED, data={"origin": "agent"})
    with tenant_scope(ada.tenant):
        make_contact(ana, "ana@a.example")
        plan_erasure(customer=ana, actor=ada.as_actor(), at=clock.now())
    deleted = client.get(audit).content.decode()
    with tenant_scope(ada.tenant):
        cause = Event.objects.get(type=CustomerEvent.ERASURE_PLANNED.name)
    with tenant_scope(ada.tenant):
        erase_customer(customer_id=ana.pk, at=clock.now(), cause=cause)
    erased = client.get(audit).content.decode()
    file = client.post(FILE, {"customer": str(ana.number)}).getvalue().decode()

    assert "Ana Lopes" in deleted and "Erasing the customer begun" in deleted
    for text in (erased, file):
        assert "Customer erased" in text and "Customer created" in text
        assert "Ana" not in text and "Lopes" not in text and "a.example" not in text
    assert f'href="/acme/customers/{ana.number}/"' in erased
    history = client.get(f"/acme/customers/{ana.number}/history/")
    assert history.status_code == 200
    assert "Ana" not in history.content.decode() and "a.example" not in history.content.decode()
