"""Custom fields on the ticket page, in the list, its filter, and on many tickets at once (F8)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.field_values import Value
from customers.kinds import FieldKind, FieldTarget
from customers.services import defining
from customers.services.defining import FieldDraft, OptionDraft
from customers.services.writing_fields import read_of
from jobs.models import Job
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_ticket
from tests.posted import posted_by
from tests.tickets.services.test_batching import work
from tickets.models import Ticket
from tickets.services import batching, setting_fields

SignIn = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}
EDIT = "/acme/tickets/1/fields/edit/"


@pytest.fixture
def ticket(acme: Tenant, ada: Membership) -> Ticket:
    """#1, among fields of three kinds."""
    with tenant_scope(acme):
        for name, kind in (("Size", FieldKind.CHOICE), ("Age", FieldKind.INTEGER), ("Color", FieldKind.STRING)):
            defining.define_field(
                target=FieldTarget.TICKET,
                kind=kind,
                draft=FieldDraft(name, in_list=name != "Age", in_filter=True, in_bulk=name != "Color"),
                options=[OptionDraft("Small"), OptionDraft("Large")] if kind.has_options else [],
                actor=ada.as_actor(),
            )
        return make_ticket(customer=make_customer())


def fill(ticket: Ticket, by: Membership, **typed: str) -> None:
    with tenant_scope(ticket.tenant):
        setting_fields.set_fields(ticket=ticket, typed=typed, zone=ZoneInfo("UTC"), actor=by.as_actor())


def held(ticket: Ticket) -> dict[str, Value]:
    with tenant_scope(ticket.tenant):
        return read_of(ticket)


def opened(client: Client) -> Any:
    """What a browser would send of the form as it is."""
    return posted_by(client.get(EDIT, headers=HTMX).content.decode())


def test_fields_are_said_in_place(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    data = opened(client)
    data["custom_size"], data["custom_color"] = "large", "deep red"

    answer = client.post(EDIT, data, headers=HTMX)

    line = answer.content.decode()
    assert answer.status_code == 200 and "deep red" in line and "Large" in line and "<form" not in line.split("<li")[0]
    assert held(ticket) == {"size": Value(options=("large",)), "color": Value(text="deep red")}
    assert "deep red" in client.get("/acme/tickets/1/").content.decode()
    assert "Changed <bdi" in client.get("/acme/tickets/1/timeline/").content.decode()


def test_plain_form_goes_back_to_the_ticket(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    data = posted_by(client.get(EDIT).content.decode())
    data["custom_age"] = "4"

    assert client.post(EDIT, data)["Location"] == "/acme/tickets/1/"
    assert held(ticket)["age"].number == 4


def test_what_does_not_fit_is_said_beside_its_field(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    for headers in (HTMX, {}):
        answer = client.post(EDIT, {"custom_age": "old", "custom_color": "red"}, headers=headers)

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Write a whole number" in page and 'value="old"' in page and 'value="red"' in page
    assert held(ticket) == {}


def test_two_agents_at_once(ticket: Ticket, ada: Membership, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    data = opened(client)
    fill(ticket, ada, color="green", age="3")
    data["custom_color"], data["custom_size"] = "blue", "small"

    refused = client.post(EDIT, data, headers=HTMX)
    again = posted_by(refused.content.decode())
    client.post(EDIT, again, headers=HTMX)

    assert refused.status_code == 422 and "A colleague wrote “green” here meanwhile" in refused.content.decode()
    said = held(ticket)
    assert (said["color"].text, list(said["size"].options)) == ("blue", ["small"])
    assert said["age"].number == Decimal(3)


def test_choices_survive_a_form_that_comes_back(
    ticket: Ticket, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    several = FieldDraft("Faults", code="faults")
    with tenant_scope(ticket.tenant):
        defining.define_field(
            target=FieldTarget.TICKET,
            kind=FieldKind.CHOICES,
            draft=several,
            options=[OptionDraft("Dent"), OptionDraft("Scratch")],
            actor=ada.as_actor(),
        )
    client = sign_in(bela)
    data = opened(client)
    fill(ticket, ada, color="green")
    data["custom_color"], data["custom_age"] = "blue", "old"
    data.setlist("custom_faults", ["dent", "scratch"])

    misread = posted_by(client.post(EDIT, dict(data.lists()), headers=HTMX).content.decode())
    misread["custom_age"] = "3"
    contested = posted_by(client.post(EDIT, dict(misread.lists()), headers=HTMX).content.decode())
    client.post(EDIT, dict(contested.lists()), headers=HTMX)

    said = held(ticket)
    assert (said["faults"].options, said["color"].text) == (("dent", "scratch"), "blue")


def test_field_made_after_the_form_was_opened_keeps_what_it_says(
    ticket: Ticket, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)
    data = opened(client)
    with tenant_scope(ticket.tenant):
        draft = FieldDraft("Late", code="late")
        defining.define_field(
            target=FieldTarget.TICKET, kind=FieldKind.STRING, draft=draft, options=[], actor=ada.as_actor()
        )
    fill(ticket, ada, late="there")
    data["custom_color"] = "blue"

    answer = client.post(EDIT, data, headers=HTMX)

    assert answer.status_code == 200
    assert (held(ticket)["late"].text, held(ticket)["color"].text) == ("there", "blue")


def test_page_of_a_workspace_without_fields_of_tickets_has_no_line(
    acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        make_ticket()

    page = sign_in(bela).get("/acme/tickets/1/").content.decode()

    assert "Fill in fields" not in page
    assert 'aria-label="Ticket fields" hidden' in page


def asked_by(client: Client) -> int:
    """Statements of one list."""
    with CaptureQueriesContext(connection) as asked:
        client.get("/acme/tickets/")
    return len(asked)


def test_list_shows_what_lists_show_and_asks_no_more(
    ticket: Ticket, acme: Tenant, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        second = make_ticket(ticket.inbox)
    client = sign_in(bela)
    client.get("/acme/tickets/")
    before = asked_by(client)
    for one in (ticket, second):
        fill(one, ada, color=f"red {one.number}", age="77", size="large")

    page = client.get("/acme/tickets/").content.decode()

    assert asked_by(client) == before
    assert "red 1" in page and "red 2" in page and ">77<" not in page


def test_filter_offers_fields_and_says_what_it_asks(
    ticket: Ticket, acme: Tenant, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        make_ticket(ticket.inbox, subject="Another one")
    fill(ticket, ada, size="large")
    client = sign_in(bela)

    panel = client.get("/acme/tickets/filter/?f.size=large").content.decode()
    page = client.get("/acme/tickets/?f.size=large").content.decode()

    assert 'name="f.age.from"' in panel and 'name="f.size" value="large"' in panel
    assert "Where is my order?" in page and "Another one" not in page
    assert "Size: Large" in page


def test_filter_too_long_to_keep_is_refused(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    query = "&".join(f"f.color={place}{'x' * 150}" for place in range(20))

    answer = sign_in(bela).post(f"/acme/tickets/views/new/?{query}", {"name": "Long"})

    assert answer.status_code == 422
    assert "asks for too much" in answer.content.decode()


def run(acme: Tenant) -> Job:
    with tenant_scope(acme):
        return work(Job.objects.latest("pk"))


def test_field_is_set_on_many_and_put_back(
    ticket: Ticket, acme: Tenant, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        second, third = make_ticket(ticket.inbox), make_ticket(ticket.inbox)
    fill(second, ada, size="small")
    fill(third, ada, size="large")
    client = sign_in(bela)
    page = client.get("/acme/tickets/bulk/field/?number=1&number=2").content.decode()

    client.post("/acme/tickets/bulk/", {"act": "field:size", "custom_size": "large", "number": ["1", "2", "3"]})
    done = run(acme)
    said = [held(one)["size"].options for one in (ticket, second, third)]
    fill(second, ada, size="")
    with tenant_scope(acme):
        batching.undo_batch(job=done, agent=bela)
    undone = run(acme)

    assert "Set Size" in page and "Set Color" not in page and 'value="2"' in page
    assert said == [("large",)] * 3
    assert done.report["summary"] == "2 set, 1 skipped"
    assert undone.report["summary"] == "1 put back, 1 skipped"
    assert held(ticket) == {} and held(second) == {} and held(third)["size"].options == ("large",)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"act": "field:age", "custom_age": "old"}, "Age: Write a whole number"),
        ({"act": "field:size", "custom_size": "huge"}, "Choose from the list."),
        ({"act": "field:color", "custom_color": "red"}, "This field is not offered any more."),
        ({"act": "field:'; DROP"}, "This field is not offered any more."),
    ],
)
def test_what_cannot_be_set_on_many_is_refused(
    ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn, data: dict[str, str], problem: str
) -> None:
    answer = sign_in(bela).post("/acme/tickets/bulk/", {**data, "number": "1"}, headers=HTMX)

    assert answer.status_code == 422 and problem in answer.content.decode()
    with tenant_scope(acme):
        assert not Job.objects.exists()


def test_fields_of_a_merged_ticket_stay(ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        ticket.mark_merged(into=make_ticket(make_inbox("sales@acme.example")), at=ticket.created_at)

    assert sign_in(bela).post(EDIT, {"custom_color": "red"}).status_code == 404


def test_fields_are_nothing_to_cleo(ticket: Ticket, cleo: Membership, sign_in: SignIn) -> None:
    client = sign_in(cleo)

    for path in ("/acme/tickets/1/fields/", EDIT, "/globex/tickets/1/fields/", "/acme/tickets/bulk/field/"):
        assert client.get(path).status_code == 404
    assert client.post(EDIT, {"custom_color": "red"}).status_code == 404
