"""A customer whose every fact is a word of its own, put where it stands by the same doors as in life."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Membership
from channels.kinds import CallPurpose, CallState, Way
from channels.models import Delivery, ProviderCall, ProviderHook, RawMail, Unsubscribed
from channels.services import blocking, calling, hearing, receiving
from customers.filters.exporting import read_export
from customers.kinds import ContactKind, FieldKind, FieldTarget
from customers.models import Customer, CustomerAddress, CustomerSource, CustomField, LegalDetails
from customers.models.customer_import import ImportMatch
from customers.services import (
    contacting,
    defining,
    describing,
    exporting,
    gathering,
    setting_fields,
    tagging_customer,
    timeline_noting,
)
from customers.services.importing import uploading, working
from customers.services.importing.mapping import read_mapping
from customers.services.noting import save_note
from events.models import Event, Reaction
from files.services.storing import store
from integrations.models import Order, OrderFieldValue
from jobs.models import Job
from tests.customers.actors import ADA, NOON
from tests.factories.integrations import make_connection, make_link, make_webhook
from tests.factories.tickets import make_message, make_ticket
from tickets.kinds import TicketEvent
from tickets.models import Attachment, Inbox, Message, Recipient, Ticket, TicketFieldValue
from tickets.services import drafting, merging, renaming, setting_customer, viewing
from tickets.services.creating_inbox import create_inbox

MAIL, OLD_MAIL = "zyxana+shop@qwormark.example", "old.zyxana@qwormark.example"
PHONE, OLD_PHONE = "+351919283746", "+351927364518"
AT_HOME = "919 283 746"
NAME = "Zyxana Qwormark"
PARTS = ("subject", "text", "html", "file", "name")  # of a letter


@dataclass
class Marked:
    """The customer, somebody else, and the words that are hers alone."""

    agent: Membership
    words: set[str] = field(default_factory=lambda: {MAIL, OLD_MAIL, PHONE, OLD_PHONE, NAME, "Vormals"})
    # Of these the file with everything about her need not tell.
    untold: set[str] = field(default_factory=set)
    ana: Customer = field(init=False)
    bruno: Customer = field(init=False)
    inbox: Inbox = field(init=False)

    @property
    def tenant_id(self) -> int:
        return int(self.agent.tenant.pk)

    def word(self, place: str, *, is_told: bool = True) -> str:
        """A word that stands in this place only."""
        made = f"zq{place}qz"
        self.words.add(made)
        if not is_told:
            self.untold.add(made)
        return made

    def letter(self, place: str, *, sender: str = MAIL, name: str = NAME, to: str = "", **headers: str) -> bytes:
        """Words in a header, quoted-printable text, base64 HTML and a file; its own Message-ID."""
        mail = EmailMessage()
        mail["From"], mail["To"] = f"{name} <{sender}>", to or "support@acme.example"
        mail["Subject"], mail["Message-ID"] = f"Über {self.word(place + 'subject')}", f"<{place}.{sender}>"
        for key, value in headers.items():
            mail[key] = value
        text = f"Grüße, {self.word(place + 'text')}. My number is {AT_HOME}, write to {MAIL.upper()}."
        mail.set_content(text, cte="quoted-printable")
        mail.add_alternative(f"<p>Grüße, {self.word(place + 'html', is_told=False)}</p>", subtype="html", cte="base64")
        content = self.word(place + "file").encode()
        mail.add_attachment(content, maintype="text", subtype="plain", filename=f"{self.word(place + 'name')}.txt")
        return mail.as_bytes()


def mark_everything(agent: Membership) -> Marked:
    """Needs an active workspace; each step is what people and machines do."""
    marked = Marked(agent)
    marked.inbox = create_inbox(name="Support", address="support@acme.example")
    _write_in(marked)
    _profile(marked)
    _fields(marked)
    _store(marked)
    _tickets(marked)
    _calls(marked)
    _of_others(marked)
    _files_of_admins(marked)
    _machinery(marked)
    return marked


def _write_in(marked: Marked) -> None:
    """By the same functions as SMTP and IMAP."""
    raw = marked.letter("first")
    mail = receiving.store_mail(inbox=marked.inbox, raw=raw, way=Way.SMTP, at=NOON)
    receiving.work_stored(mail_id=mail.pk, at=NOON)
    found = Message.objects.select_related("author_customer").get().author_customer
    assert found is not None
    marked.ana = found
    other = receiving.receive_mail(
        inbox=marked.inbox, raw=_plain("Bruno Silva <bruno@silva.example>", "Parcel", "Where?"), at=NOON
    )
    assert other.customer is not None
    marked.bruno = other.customer


def _plain(sender: str, subject: str, text: str, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "support@acme.example", subject
    mail["Message-ID"] = f"<{abs(hash((sender, subject, text)))}@silva.example>"
    for key, value in headers.items():
        mail[key.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def _profile(marked: Marked) -> None:
    ana, word = marked.ana, marked.word
    for last_name in ("Vormals", "Qwormark"):
        describing.rename_customer(customer=ana, first_name="Zyxana", last_name=last_name, actor=ADA)
    ana.refresh_from_db()
    ana.reference, ana.location, ana.discount_card = word("reference"), word("location"), word("card")
    ana.birthday, ana.middle_name = date(1990, 2, 3), word("middle")
    ana.photo = store(name=f"{word('photoname')}.png", content_type="image/png", content=word("photo").encode())
    ana.sign(ADA)
    ana.save()
    contacting.add_contact(customer=ana, kind=ContactKind.PHONE, typed=PHONE, actor=ADA)
    contacting.add_contact(customer=ana, kind=ContactKind.HANDLE, typed=word("handle"), tag="twitter", actor=ADA)
    for kind, typed in ((ContactKind.EMAIL, OLD_MAIL), (ContactKind.PHONE, OLD_PHONE)):
        line = contacting.add_contact(customer=ana, kind=kind, typed=typed, actor=ADA)
        contacting.remove_contact(line=line, actor=ADA)
    for number, place in enumerate(("note", "notetwo")):
        save_note(customer=ana, text=word(place), based_on=number, actor=ADA, at=NOON)
    save_note(customer=ana, text=word("notedraft"), based_on=0, actor=ADA, at=NOON)
    timeline_noting.add_timeline_note(customer=ana, html=f"<p>{word('timeline')}</p>", actor=ADA, at=NOON)
    tagging_customer.tag_customer(customer=ana, add=[word("tag")], actor=ADA)
    CustomerAddress.objects.create(customer=ana, city=word("formercity"), text=word("formeraddress")).delete()
    CustomerAddress.objects.create(customer=ana, street=word("street"), courier_notes=word("courier"))
    LegalDetails.objects.create(customer=ana, legal_name=word("legal"))
    CustomerSource.objects.create(customer=ana, campaign=word("campaign"), referrer=f"https://x.example/{MAIL}")


def _fields(marked: Marked) -> None:
    for target in FieldTarget:
        draft = defining.FieldDraft(f"About {target}", code=f"about_{target}")
        defining.define_field(target=target, kind=FieldKind.STRING, draft=draft, actor=ADA)
    for place in ("formervalue", "value"):
        typed = {"about_customer": marked.word(place)}
        setting_fields.set_fields(customer=marked.ana, typed=typed, zone=ZoneInfo("UTC"), actor=ADA)


def _store(marked: Marked) -> None:
    word, shop = marked.word, make_connection()
    link = make_link(shop, marked.ana, "778800", display_name=word("shopname"), remote_text=word("shopnote"))
    facts = {"name": "#1", "name_folded": "#1", "placed_at": NOON, "details": {"to": word("parcel")}}
    facts |= {"email": word("ordermail"), "phone": word("orderphone")}
    order = Order.objects.create(connection=shop, store_customer=link, remote_id="990077", **facts)
    gift = {"name": "#2", "name_folded": "#2", "placed_at": NOON, "email": MAIL, "phone": PHONE}
    given = make_link(shop, marked.bruno, "778801")
    Order.objects.create(connection=shop, store_customer=given, remote_id="990078", **gift)
    about = CustomField.objects.get(code="about_order")
    OrderFieldValue.objects.create(order=order, field=about, text=word("orderfield"))
    bodies = (
        {"id": 778800, "first_name": word("hookname", is_told=False)},
        {"id": 5, "customer": {"id": "gid://shopify/Customer/778800"}, "note": word("hookgid", is_told=False)},
        {"id": 990077, "shipping_address": {"name": word("hookorder", is_told=False)}},
        {"order_id": 990077, "destination": {"city": word("hookparcel", is_told=False)}},
        {"id": 6, "contact_email": MAIL.upper(), "note": word("hookmail", is_told=False)},
        {"id": 7, "phone": "00351 919-283-746", "note": word("hookphone", is_told=False)},
    )
    for number, body in enumerate(bodies):
        make_webhook(shop, {"X-Customer": MAIL}, json.dumps(body).encode(), webhook_id=f"w{number}")
    escaped = json.dumps({"email": MAIL, "note": word("hookescaped", is_told=False)}).replace("@", "\\u0040")
    make_webhook(shop, {}, escaped.encode(), webhook_id="escaped")


def _tickets(marked: Marked) -> None:
    ana, agent, word = marked.ana, marked.agent, marked.word
    ticket = Ticket.objects.get(customer=ana)
    renaming.rename_ticket(ticket=ticket, subject=word("subject"), actor=agent.as_actor())
    answer = make_message(ticket, f"Dear {word('answer')}", direction="out", author_member=agent, html=word("html"))
    Recipient.objects.create(message=answer, kind="to", address=MAIL, name=NAME, detail=f"550 no {MAIL}")
    Delivery.objects.create(message=answer, recipient=MAIL, mail_id="<1@acme.example>", error=word("bounce"))
    make_message(ticket, word("internal"), direction="note", author_member=agent)
    letter = store(name=f"{word('sentname')}.txt", content_type="text/plain", content=word("sent").encode())
    Attachment.objects.create(message=answer, file=letter, position=1)
    about = CustomField.objects.get(code="about_ticket")
    TicketFieldValue.objects.create(ticket=ticket, field=about, text=word("ticketfield"))
    _draft(marked, ticket, html=word("draft"))
    _draft(marked, None, to=f"{NAME} <{MAIL}>", subject=word("newdraft"))
    viewing.save_view(name=f"{NAME} and friends", query=f"q={NAME.replace(' ', '+')}", member=None)
    viewing.save_view(name="Hers", query="q=zyxana%2Bshop%40qwormark.example", member=agent)
    Unsubscribed.objects.create(address=MAIL)


def _draft(marked: Marked, ticket: Ticket | None, **words: Any) -> None:
    blank = dict.fromkeys(("html", "to", "cc", "bcc", "subject"), "")
    said = {**blank, **words, "inbox": None, "version": 0, "at": NOON}
    drafting.save_draft(member=marked.agent, ticket=ticket, kind="reply", **said)


def _calls(marked: Marked) -> None:
    """Postmark hands the mail as text, others in base64; one could not be worked."""
    hook = ProviderHook.objects.create(inbox=marked.inbox, provider="postmark")
    door = calling.Door(marked.tenant_id, hook.pk)
    raw = marked.letter("handed").decode()
    body = json.dumps({"RawEmail": raw, "OriginalRecipient": "support@acme.example"}).encode()
    calling.store_call(door=door, purpose=CallPurpose.INBOUND, headers={"X-From": MAIL}, body=body, at=NOON)
    hearing.work_call(call_id=ProviderCall.objects.get().pk, at=NOON)
    for mail in RawMail.objects.filter(outcome="received"):
        receiving.work_stored(mail_id=mail.pk, at=NOON)
    packed = base64.b64encode(marked.letter("unread")).decode()
    marked.untold |= {f"zqunread{part}qz" for part in PARTS}
    body = json.dumps({"content": packed}).encode()
    calling.store_call(door=door, purpose=CallPurpose.INBOUND, headers={}, body=body, at=NOON)
    ProviderCall.objects.filter(state=CallState.RECEIVED).update(state=CallState.FAILED, reason=f"No {MAIL}")
    ProviderHook.objects.update(last_error=f"No {MAIL} here")


def _of_others(marked: Marked) -> None:
    """She wrote to tickets of somebody else, was copied, merged, mistaken for the other; a list quotes her."""
    ana, bruno, word = marked.ana, marked.bruno, marked.word
    theirs = Ticket.objects.get(customer=bruno)
    make_message(theirs, word("joined"), author_customer=ana, author_name=NAME, author_address=MAIL)
    below = f"{NAME} wrote: {word('quote', is_told=False)}"
    quoting = {"quoted": below, "html": f"<p>{below} {word('quotehtml', is_told=False)}</p>"}
    make_message(theirs, f"As {MAIL} or {AT_HOME} said", author_customer=bruno, author_name="Bruno", **quoting)
    lone = make_message(theirs, word("aside"), direction="out", author_member=marked.agent)
    Recipient.objects.create(message=lone, kind="to", address=MAIL, name=NAME)
    Ticket.objects.filter(pk=theirs.pk).update(preview=f"As {MAIL} said")
    receiving.receive_mail(
        inbox=marked.inbox,
        raw=_plain("Bruno Silva <bruno@silva.example>", f"Ask {MAIL}", "Please", Cc=f"{NAME} <{MAIL}>"),
        at=NOON,
    )
    headers = {"List_Id": "<n.list.example>", "Precedence": "bulk"}
    listed = _plain("News <news@list.example>", "Digest", f"Read by {MAIL}", **headers)
    receiving.receive_mail(inbox=marked.inbox, raw=listed, at=NOON)
    second = make_ticket(marked.inbox, customer=ana, subject=word("second"))
    make_message(second, word("merged"), direction="out", author_member=marked.agent)
    merging.merge_tickets(source=second, into=theirs, actor=ADA, at=NOON)
    mistaken = make_ticket(marked.inbox, customer=ana, subject="A parcel of Bruno's")
    setting_customer.set_customer(ticket=mistaken, customer=bruno, actor=ADA)
    save_note(customer=bruno, text=f"Married to {MAIL}, {PHONE}", based_on=0, actor=ADA, at=NOON)
    typed = {"about_customer": f"see {MAIL}"}
    setting_fields.set_fields(customer=bruno, typed=typed, zone=ZoneInfo("UTC"), actor=ADA)


def _files_of_admins(marked: Marked) -> None:
    table = (
        "reference,first_name,email,note\n"
        f"{marked.ana.reference},Zyxana,{MAIL},{marked.word('imported')}\n"
        f"R-9,{marked.word('refused', is_told=False)},{MAIL} is no address,\n"
    )
    taken = uploading.take_file(agent=marked.agent, name=f"{MAIL}.csv", file=io.BytesIO(table.encode()))
    mapping = read_mapping(taken.mapping)
    taken = uploading.choose(taken=taken, mapping=mapping, match=ImportMatch.REFERENCE, agent=marked.agent)
    for _ in working.work_through(job=working.begin_import(taken=taken, agent=marked.agent), at=NOON):
        pass
    waiting = f"email,note\n{MAIL},{marked.word('waiting', is_told=False)}\n".encode("utf-16")
    uploading.take_file(agent=marked.agent, name="waiting.csv", file=io.BytesIO(waiting))
    columns = ["email", "phone", "first_name", "note", "address"]
    query = "q=zyxana%2Bshop%40qwormark.example"
    listed = exporting.start_list_export(agent=marked.agent, query=query, columns=columns, at=NOON)
    exporting.write_list(export_id=listed.pk, read=read_export, at=NOON)
    person = gathering.start_person_export(agent=marked.agent, customer=marked.ana, at=NOON)
    gathering.write_person(export_id=person.pk, at=NOON)


def _machinery(marked: Marked) -> None:
    befores = [[marked.ana.pk, marked.word("before", is_told=False)], [0, "x"]]
    Job.objects.create(kind="customer_batch", state="done", cursor={"query": f"q={MAIL}"}, report={"befores": befores})
    told = Event.objects.filter(customer_id=marked.ana.pk, type=TicketEvent.RENAMED.name).first()
    assert told is not None
    error = f"duplicate key: ({MAIL}) {marked.word('failure', is_told=False)}"
    blocking.block_sender(address=MAIL, agent=marked.agent)
    marked.untold |= {f"zqblocked{part}qz" for part in PARTS}  # after the file was written
    receiving.receive_mail(inbox=marked.inbox, raw=marked.letter("blocked"), at=NOON)
    Reaction.objects.create(tenant_id=marked.tenant_id, event_id=told.pk, task="t", due_at=NOON, last_error=error)
