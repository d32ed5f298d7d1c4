"""What takes more than one form, and what machines do, stands in the audit in words an admin reads."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.services import blocking, connecting, receiving, transporting
from channels.types import MailboxLogin, ProviderLogin, Security, Wire
from core import clock
from customers.filters.exporting import read_export
from customers.kinds import FieldKind, FieldTarget
from customers.models import CustomerExport
from customers.models.customer_import import ImportMatch
from customers.services import (
    batching,
    defining,
    describing,
    exporting,
    noting,
    restoring,
)
from customers.services.defining import FieldDraft, OptionDraft
from customers.services.importing import undoing, uploading, working
from customers.services.importing.mapping import read_mapping
from events.models import Event
from events.wording import say
from integrations.services.connecting import connect_store
from jobs.models import Job
from tests.factories.channels import raw_mail
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.services import (
    admitting,
    canning,
    configuring_inbox,
    merging,
    setting_customer,
    splitting,
    unmerging,
    viewing,
)
from tickets.services import batching as ticket_batching

SignIn = Callable[[Membership], Client]


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    with tenant_scope(acme):
        yield ada


def told(*, by: str = "Ada") -> list[str]:
    """What the audit says that somebody did, oldest first: words, and behind them each "label: before > after"."""
    lines = []
    for event in Event.objects.audited().filter(actor_name=by).order_by("pk"):
        said = say(event.event_type, event.data)
        changes = [f"{one.label}: {one.before} > {one.after}".removeprefix(": ") for one in said.changes]
        lines.append(" | ".join([said.words, *changes]))
    return lines


def test_import_and_its_undoing(agent: Membership) -> None:
    table = io.BytesIO(b"reference,first_name\nC-1,Ana\nC-2,Eva\n")
    taken = uploading.take_file(agent=agent, name="people.csv", file=table)
    uploading.choose(taken=taken, mapping=read_mapping(taken.mapping), match=ImportMatch.REFERENCE, agent=agent)
    for _ in working.work_through(job=working.begin_import(taken=taken, agent=agent), at=clock.now()):
        pass
    taken.refresh_from_db()
    for _ in undoing.undo_through(job=undoing.plan_undoing(taken=taken, agent=agent), at=clock.now()):
        pass

    assert told() == [
        "Import 1 begun, of the file people.csv",
        "Import 1 ended: 2 created, 0 updated, 0 unchanged, 0 refused",
        "Undoing import 1 begun",
        "Import 1 undone: 2 rows, 0 left as they are",
    ]


def test_import_that_stopped(agent: Membership) -> None:
    taken = uploading.take_file(agent=agent, name="a.csv", file=io.BytesIO(b"reference,first_name\nC-1,Ana\n"))
    uploading.choose(taken=taken, mapping=read_mapping(taken.mapping), match=ImportMatch.REFERENCE, agent=agent)
    working.fail_import(
        job_id=working.begin_import(taken=taken, agent=agent).pk, reason="the disk is full", at=clock.now()
    )

    assert told(by="Helpdesk") == ["Import 1 did not come to its end. Stopped: the disk is full"]


def test_export_from_its_beginning_to_its_end(sign_in: SignIn, ada: Membership) -> None:
    with tenant_scope(ada.tenant):
        make_customer("Ana")
        make_customer("Eva")
    client = sign_in(ada)

    client.post("/acme/customers/export/", {"columns": ["number"]})
    with tenant_scope(ada.tenant):
        exporting.write_list(export_id=CustomerExport.objects.get().pk, read=read_export, at=clock.now())
    client.get("/acme/customers/exports/1/file/").getvalue()
    client.post("/acme/customers/exports/1/drop/")
    client.post("/acme/customers/exports/1/drop/")

    with tenant_scope(ada.tenant):
        assert told() == [
            "Export of a list of customers",
            "File of an export written: 2 customers",
            "File of an export downloaded: 2 customers",
            "File of an export deleted before its time",
        ]


def test_export_that_came_to_nothing(agent: Membership) -> None:
    export = exporting.start_list_export(agent=agent, query="", columns=["number"], at=clock.now())

    exporting.fail_export(export_id=export.pk, reason="The disk is full.", at=clock.now())

    assert told(by="Helpdesk") == ["Export came to no file. The disk is full."]


def test_bulk_edits_and_their_undoing(agent: Membership) -> None:
    ids = [make_customer(f"C{number}").pk for number in range(3)]
    job = batching.change_many(agent=agent, verb="vip", values={"is_vip": True}, customer_ids=ids, at=clock.now())
    batching.undo_batch(job=job, agent=agent, at=clock.now())
    tickets = [make_ticket(make_inbox()).pk]
    of_tickets = ticket_batching.plan_batch(agent=agent, verb="close", values={}, ticket_ids=tickets)
    _work_tickets(of_tickets)
    _work_tickets(ticket_batching.undo_batch(job=Job.objects.get(pk=of_tickets.pk), agent=agent))

    ends = [line for line in told() if not line.startswith("Customer edited")]
    assert ends == [
        "Marking VIP: 3 changed",
        "Marking VIP: 3 put back",
        "Closing tickets: 1 closed",
        "Closing tickets: 1 put back",
    ]


def test_custom_field_before_and_after(agent: Membership) -> None:
    actor, draft = agent.as_actor(), FieldDraft("Size", code="size")
    options = [OptionDraft("Small"), OptionDraft("Large")]
    field = defining.define_field(
        target=FieldTarget.CUSTOMER, kind=FieldKind.CHOICE, draft=draft, options=options, actor=actor
    )
    defining.define_field(target=FieldTarget.CUSTOMER, kind=FieldKind.STRING, draft=FieldDraft("Hobby"), actor=actor)

    field = defining.edit_field(field=field, draft=replace(draft, name="Shoe size", is_required=True), actor=actor)
    defining.edit_field(field=field, draft=replace(draft, name="Shoe size", is_required=True), actor=actor)
    defining.edit_options(field=field, options=[OptionDraft("Small"), OptionDraft("Huge")], actor=actor)
    defining.move_field(field=field, by=1, actor=actor)
    defining.move_field(field=field, by=1, actor=actor)
    defining.switch_field(field=field, is_active=False, actor=actor)

    assert told() == [
        "Custom field size of a customer defined",
        "Custom field hobby of a customer defined",
        "Custom field size of a customer changed: | Name: Size > Shoe size | Required: off > on",
        "Custom field size of a customer changed: | Options: Small, Large > Small, Large (not active), Huge",
        "Custom field size of a customer changed: | Place: 1 > 2",
        "Custom field size of a customer changed: | Active: on > off",
    ]


def test_notes(agent: Membership) -> None:
    ana, actor = make_customer(), agent.as_actor()
    noting.save_note(customer=ana, text="One", based_on=0, actor=actor, at=clock.now())
    noting.save_note(customer=ana, text="Two", based_on=1, actor=actor, at=clock.now())
    noting.save_note(customer=ana, text="Three", based_on=1, actor=actor, at=clock.now())
    restoring.restore_version(customer=ana, number=1, actor=actor, at=clock.now())

    assert told() == [
        "Note changed, version 1",
        "Note changed, version 2",
        "A second version of the note was kept",
        "Note changed, version 3",
    ]


def test_value_that_was_restored(agent: Membership) -> None:
    ana = make_customer("Ana")
    before = describing.read_details(ana)
    for details in (replace(before, first_name="Eva"), before):
        describing.describe_customer(customer=ana, details=details, actor=agent.as_actor())

    assert told() == ["Customer edited: first name", "Customer edited: first name"]


def test_inbox_before_and_after(agent: Membership) -> None:
    inbox = make_inbox(name="Support", signature="<div>Kind regards</div>")
    for _ in range(2):
        configuring_inbox.edit_inbox(
            inbox=inbox,
            name="Help",
            sender_name="",
            address=inbox.address,
            signature="<div><b>Yours</b></div>",
            actor=agent.as_actor(),
            takes_plus_addresses=False,
            acknowledgement="",
        )

    assert told() == ["Inbox edited: | Name: Support > Help | Signature: Kind regards > Yours"]


def test_whose_inboxes(agent: Membership, bela: Membership) -> None:
    one, two, actor = make_inbox("a@acme.example", name="A"), make_inbox("b@acme.example", name="B"), agent.as_actor()

    bela = admitting.exclude(member=bela, inbox=one, actor=actor)
    bela = admitting.exclude(member=bela, inbox=two, actor=actor)
    bela = admitting.admit(member=bela, inbox=one, actor=actor)
    admitting.admit_to_all(member=bela, actor=actor)

    assert told() == [
        f"Inboxes that Bela sees | {admitting.ALL} > B",
        "Inboxes that Bela sees | B > none",
        "Inboxes that Bela sees | none > A",
        f"Inboxes that Bela sees | A > {admitting.ALL}",
    ]


def test_canned_replies_of_everybody_and_not_of_one(agent: Membership) -> None:
    actor = agent.as_actor()
    shared = canning.add_reply(title="Hi", html="<div>Hello</div>", member=None, inbox=None, actor=actor)
    own = canning.add_reply(title="Mine", html="<div>Hm</div>", member=agent, inbox=None, actor=actor)

    canning.change_reply(reply=shared, title="Hi", html="<div>Good day</div>", member=None, inbox=None, actor=actor)
    canning.change_reply(reply=own, title="Mine", html="<div>Oh</div>", member=agent, inbox=None, actor=actor)
    canning.change_reply(reply=own, title="Mine", html="<div>Oh</div>", member=None, inbox=None, actor=actor)
    canning.remove_reply(reply=shared, actor=actor)

    assert told() == [
        "Canned reply Hi added",
        "Canned reply Hi changed: | Text: Hello > Good day",
        "Canned reply Mine changed: | Whose: Ada > everybody",
        "Canned reply Hi deleted",
    ]


def test_views_of_everybody_and_not_of_one(agent: Membership) -> None:
    actor = agent.as_actor()
    shared, own = (viewing.save_view(name="V", query="", member=one, actor=actor) for one in (None, agent))

    for view in (shared, own):
        viewing.rename_view(view=view, name="W", actor=actor)
        viewing.rename_view(view=view, name="W", actor=actor)
        viewing.delete_view(view=view, actor=actor)

    assert told() == ["View V made for everybody", "View for everybody renamed | V > W", "View W for everybody deleted"]


def test_mailbox_before_and_after_without_its_secrets(agent: Membership) -> None:
    inbox, actor = make_inbox(), agent.as_actor()
    login = MailboxLogin("imap.example", 993, Security.TLS, "support", "secret one")
    connecting.connect_mailbox(inbox=inbox, login=login, actor=actor)
    connecting.connect_mailbox(inbox=inbox, login=replace(login, port=994, secret="secret two"), actor=actor)

    assert told() == [
        "Mail is fetched from support at imap.example",
        "Mail is fetched from support at imap.example | Port: 993 > 994 | Password: None > changed",
    ]
    assert "secret one" not in str(list(Event.objects.values())) and "secret two" not in str(
        list(Event.objects.values())
    )


def test_way_out_before_and_after_without_its_secrets(agent: Membership) -> None:
    inbox, actor, at = make_inbox(), agent.as_actor(), clock.now()
    wire = Wire("smtp.example", 587, user="u", password="secret one", starttls=True, timeout=2.0)
    provider = ProviderLogin(provider="mailgun", secret="secret two", options={"domain": "d"}, public_only=True)
    for transport in (wire, replace(wire, host="mail.example"), provider):
        transporting.save_transport(inbox=inbox, transport=transport, at=at, actor=actor)

    assert told() == [
        "Mail goes out by smtp.example",
        "Mail goes out by mail.example | Server: smtp.example > mail.example",
        (
            "Mail goes out by mailgun | Way: smtp > mailgun | Server: mail.example > nothing | User: u > nothing | "
            "Password: None > changed | Options: None > changed"
        ),
    ]
    assert "secret" not in str(list(Event.objects.values_list("data", flat=True)))


def test_store_connected_again(agent: Membership) -> None:
    for token in ("demo-token-one", "demo-token-two"):
        connect_store(
            kind="shopify",
            shop="acme-demo.myshopify.com",
            token=token,
            secret="demo-secret",
            sync_notes=None,
            actor=agent.as_actor(),
            at=clock.now(),
        )

    assert told() == ["Store connected for the first time", "Store connected again, with another token or secret"]


def test_mail_that_was_let_in(agent: Membership) -> None:
    inbox = make_inbox()
    mail = raw_mail("I am away", headers={"Auto-Submitted": "auto-replied"})
    received = receiving.receive_mail(inbox=inbox, raw=mail, at=clock.now())

    receiving.accept_mail(mail=received.mail, at=clock.now(), actor=agent.as_actor())

    assert told() == ["Mail of ana@shopper.example accepted from the quarantine"]


def test_sender_who_is_blocked_from_a_ticket(agent: Membership) -> None:
    blocking.block_sender(address="pest@spam.example", agent=agent)

    assert told() == ["Sender pest@spam.example blocked"]


def test_tickets_merged_and_taken_apart(agent: Membership) -> None:
    inbox, actor, at = make_inbox(), agent.as_actor(), clock.now()
    one, two = make_ticket(inbox), make_ticket(inbox)
    for number in (1, 2):
        make_message(two, f"Message {number}")

    merging.merge_tickets(source=one, into=two, actor=actor, at=at)
    unmerging.unmerge_ticket(ticket=one, actor=actor)
    splitting.split_ticket(ticket=two, numbers=[2], subject="Apart", actor=actor, at=at)

    assert told() == [
        f"Ticket {one.number} merged into this one",
        f"Merging with ticket {one.number} undone",
        f"Merging with ticket {two.number} undone",
        "Ticket split, its other part is ticket 3",
        f"Ticket split, its other part is ticket {two.number}",
    ]


def test_ticket_of_another_customer(agent: Membership) -> None:
    ticket, ana = make_ticket(make_inbox()), make_customer("Ana")

    setting_customer.set_customer(ticket=ticket, customer=ana, actor=agent.as_actor())

    assert told() == ["Customer of the ticket | nothing > Ana Lopes"]


def _work_tickets(job: Job) -> None:
    while not (job := Job.objects.get(pk=job.pk)).is_finished:
        cause = Event.objects.filter(type="ticket.batch_planned").latest("pk")
        ticket_batching.work_step(job_id=job.pk, at=clock.now(), cause=cause)
