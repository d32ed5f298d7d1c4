"""The mail server of our own: 250 only for what is stored, by a real SMTP client."""

import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from celery.exceptions import Ignore
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels import tasks
from channels.models import RawMail
from channels.services import receiving
from events.models import Reaction
from files.services import storing
from tests.channels.outgoing import mail_of
from tests.factories.channels import raw_mail
from tests.workers import ROOT, database_url
from tickets.bodies import body_from_text
from tickets.models import Inbox, Message
from tickets.services import replying
from tickets.services.creating_inbox import create_inbox

pytestmark = pytest.mark.django_db(transaction=True)
SUPPORT, HELP = "support@acme.example", "help@globex.example"


@pytest.fixture
def inboxes(acme: Tenant, globex: Tenant) -> None:
    for tenant, address in ((acme, SUPPORT), (globex, HELP)):
        with tenant_scope(tenant):
            create_inbox(name="Support", address=address)


@contextmanager
def running_receiver(settings: Any, *words: str, database: str = "") -> Iterator[int]:
    """The command in a process of its own; gives its port."""
    url = database or database_url()
    environ = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(settings.DATA_DIR), "LOG_LEVEL": "ERROR"}
    command = [sys.executable, "manage.py", "receive_smtp", "--port", "0", *words]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        yield int(line.rstrip().rpartition(":")[2])
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


def stored(tenant: Tenant) -> list[bytes]:
    with tenant_scope(tenant), transaction.atomic():
        return [storing.read(mail.file) for mail in RawMail.objects.select_related("file").order_by("pk")]


def test_mail_is_stored_for_each_workspace_it_names(inboxes: None, settings: Any, acme: Tenant, globex: Tenant) -> None:
    with running_receiver(settings) as port, smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        refused = client.sendmail("ana@shopper.example", [SUPPORT, "support+r7@acme.example", HELP], raw_mail("hello"))

    assert refused == {}
    (ours,), (theirs,) = stored(acme), stored(globex)
    assert ours.startswith(b"Return-Path: <ana@shopper.example>\r\nDelivered-To: support@acme.example\r\n")
    assert b"Delivered-To: help@globex.example" in theirs
    assert b"hello" in ours


def test_address_nobody_answers_at_is_refused_at_once(inboxes: None, settings: Any, acme: Tenant) -> None:
    with running_receiver(settings) as port, smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        refused = client.sendmail("ana@shopper.example", [SUPPORT, "nobody@acme.example"], raw_mail())

    assert refused["nobody@acme.example"][0] == 550
    assert len(stored(acme)) == 1


def test_mail_that_cannot_be_stored_is_to_come_again(inboxes: None, settings: Any, acme: Tenant) -> None:
    """The place for files is no folder: the mail server that sends must keep the mail."""
    root = settings.DATA_DIR / "files"
    moved = root.with_name("files-away")
    root.mkdir(exist_ok=True)
    root.rename(moved)
    root.write_text("in the way")
    try:
        with (
            running_receiver(settings) as port,
            smtplib.SMTP("127.0.0.1", port, timeout=10) as client,
            pytest.raises(smtplib.SMTPDataError) as caught,
        ):
            client.sendmail("ana@shopper.example", [SUPPORT], raw_mail())
    finally:
        root.unlink()
        moved.rename(root)

    assert caught.value.smtp_code == 451
    assert stored(acme) == []


def test_nothing_is_refused_for_good_while_the_database_is_away(inboxes: None, settings: Any) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:9/none"
    with running_receiver(settings, database=nowhere) as port, smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo()
        client.mail("ana@shopper.example")
        code, _ = client.rcpt(SUPPORT)

    assert code == 451


def test_lmtp_answers_for_each_recipient(inboxes: None, settings: Any, acme: Tenant, globex: Tenant) -> None:
    with running_receiver(settings, "--lmtp") as port, smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.mail("ana@shopper.example")
        for address in (SUPPORT, HELP):
            client.rcpt(address)
        client.putcmd("data")
        assert client.getreply()[0] == 354
        client.send(raw_mail("hello").replace(b"\n", b"\r\n") + b"\r\n.\r\n")
        answers = [client.getreply()[0] for _ in range(2)]

    assert answers == [250, 250]
    assert (len(stored(acme)), len(stored(globex))) == (1, 1)


def test_signed_address_of_the_envelope_alone_finds_the_ticket(
    inboxes: None, settings: Any, acme: Tenant, bela: Membership
) -> None:
    """Somebody put it into Bcc, beside the inbox itself."""
    with tenant_scope(acme), transaction.atomic():
        Inbox.objects.update(takes_plus_addresses=True)
        message = receiving.receive_mail(inbox=Inbox.objects.get(), raw=raw_mail(), at=timezone.now()).message
        assert message is not None
        letter = replying.reply(ticket=message.ticket, body=body_from_text("Hi"), agent=bela, at=timezone.now())
        address = mail_of(Message.objects.get(pk=letter.pk))["Reply-To"].addresses[0].addr_spec

    with running_receiver(settings) as port, smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        raw = raw_mail("Thanks", sender="rui@work.example", mail_id="<t@work.example>")
        client.sendmail("rui@work.example", [SUPPORT, address.swapcase()], raw)
    (reaction,) = Reaction.objects.filter(task="channels.tasks.work_mail", due_at__lte=timezone.now())
    tasks.work_mail(reaction_id=reaction.pk, tenant_id=acme.pk)

    with tenant_scope(acme), transaction.atomic():
        mail = RawMail.objects.latest("pk")
        assert (mail.outcome, mail.message and mail.message.ticket_id) == ("message_added", message.ticket_id)


def test_stored_mail_is_worked_by_its_reaction(inboxes: None, settings: Any, acme: Tenant) -> None:
    with running_receiver(settings) as port, smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.sendmail("ana@shopper.example", [SUPPORT], raw_mail("hello"))
    reaction = Reaction.objects.get(task="channels.tasks.work_mail")

    tasks.work_mail(reaction_id=reaction.pk, tenant_id=acme.pk)
    with pytest.raises(Ignore):  # a second worker
        tasks.work_mail(reaction_id=reaction.pk, tenant_id=acme.pk)

    with tenant_scope(acme), transaction.atomic():
        mail = RawMail.objects.select_related("message").get()
    assert mail.outcome == "ticket_created"
    assert mail.message is not None
