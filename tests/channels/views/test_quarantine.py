"""The quarantine page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.models import BlockedSender, RawMail
from channels.services.receiving import receive_mail
from tests.factories.channels import raw_mail
from tickets.models import Inbox, Ticket
from tickets.services.creating_inbox import create_inbox

SignIn = Callable[[Membership], Client]


@pytest.fixture
def parked(acme: Tenant) -> None:
    with tenant_scope(acme):
        inbox = create_inbox(name="Support", address="support@acme.example")
        raw = raw_mail("Away", subject="<b>Out</b> of office", headers={"Auto-Submitted": "auto-replied"})
        receive_mail(inbox=inbox, raw=raw, at=timezone.now())


def test_quarantine_shows_the_mail_and_why(parked: None, bela: Membership, cleo: Membership, sign_in: SignIn) -> None:
    page = sign_in(bela).get("/acme/quarantine/").content.decode()

    assert "&lt;b&gt;Out&lt;/b&gt; of office" in page
    assert "ana@shopper.example" in page
    assert "ana@shopper.example" not in sign_in(cleo).get("/globex/quarantine/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_accepting_makes_a_ticket_and_goes_there(
    parked: None, acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    assert sign_in(cleo).post("/acme/quarantine/1/accept/").status_code == 404

    answer = sign_in(bela).post("/acme/quarantine/1/accept/")

    assert answer["Location"] == "/acme/tickets/1/"
    with tenant_scope(acme):
        from django.db import transaction

        with transaction.atomic():
            assert Ticket.objects.get().subject == "<b>Out</b> of office"


def test_hidden_inbox_hides_its_quarantine(parked: None, bela: Membership, sign_in: SignIn) -> None:
    bela.sees_all_inboxes = False
    bela.save()

    assert "ana@shopper.example" not in sign_in(bela).get("/acme/quarantine/").content.decode()
    assert sign_in(bela).post("/acme/quarantine/1/accept/").status_code == 404


HTMX = {"HX-Request": "true"}


def test_mail_can_be_read_before_it_is_decided(
    parked: None, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)

    page, part = client.get("/acme/quarantine/1/").content.decode(), client.get("/acme/quarantine/1/", headers=HTMX)

    for shown in (page, part.content.decode()):
        assert "An automatic answer" in shown and "ana@shopper.example" in shown and "Away" in shown
        assert "Ana Lopes" in shown and "support@acme.example" in shown
    assert "<html" in page and "<html" not in part.content.decode()
    assert sign_in(cleo).get("/acme/quarantine/1/").status_code == 404
    assert sign_in(cleo).get("/globex/quarantine/1/").status_code == 404


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"\0\0no header at all <script>alert(1)</script>", "no header at all &lt;script&gt;"),
        (raw_mail("<img src=x onerror=alert(1)>", headers={"Precedence": "bulk"}), "&lt;img src=x onerror="),
        (raw_mail("", headers={"Precedence": "bulk"}), "It has no words."),
    ],
)
def test_preview_is_text_whatever_the_mail_holds(
    acme: Tenant, bela: Membership, sign_in: SignIn, raw: bytes, shown: str
) -> None:
    with tenant_scope(acme):
        inbox = create_inbox(name="Support", address="support@acme.example")
        receive_mail(inbox=inbox, raw=raw, at=timezone.now())

    assert shown in sign_in(bela).get("/acme/quarantine/1/").content.decode()


def test_preview_of_a_mail_whose_file_is_lost_says_so(
    parked: None, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        default_storage.delete(RawMail.objects.get().file.path)

    assert "gone from the storage" in sign_in(bela).get("/acme/quarantine/1/").content.decode()


def test_quarantined_original_downloads_as_it_came(
    parked: None, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    answer: Any = sign_in(bela).get("/acme/quarantine/1/original/")

    raw = b"".join(answer.streaming_content)
    assert b"Auto-Submitted: auto-replied" in raw and b"Away" in raw
    assert answer["Content-Disposition"] == 'attachment; filename="mail-1.eml"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert sign_in(cleo).get("/acme/quarantine/1/original/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_accepting_with_scripts_stays_with_the_list(parked: None, bela: Membership, sign_in: SignIn) -> None:
    answer = sign_in(bela).post("/acme/quarantine/1/accept/?before=", headers=HTMX).content.decode()

    assert "it is on ticket #1 now" in answer
    assert "Nothing in quarantine" in answer and 'hx-swap-oob="morph"' in answer


def test_blocking_a_sender_clears_the_quarantine_of_them(
    parked: None, acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        inbox = Inbox.objects.get()
        for number, sender in enumerate(("ana@shopper.example", "rui@other.example")):
            raw = raw_mail(f"{number}", sender=sender, mail_id=f"<{number}@x.example>", headers={"Precedence": "bulk"})
            receive_mail(inbox=inbox, raw=raw, at=timezone.now())
    client = sign_in(bela)
    assert sign_in(cleo).post("/acme/quarantine/1/block/").status_code == 404

    answer = client.post("/acme/quarantine/1/block/?before=", headers=HTMX).content.decode()

    assert "ana@shopper.example is blocked" in answer
    assert 'action="/acme/blocked/1/remove/"' in answer  # the toast can undo it
    page = client.get("/acme/quarantine/").content.decode()
    assert "rui@other.example" in page and "ana@shopper.example" not in page
    client.post("/acme/blocked/1/remove/")
    page = client.get("/acme/quarantine/").content.decode()
    assert page.count("Came while its sender was blocked.") == 2


def test_blocking_one_of_ours_from_the_quarantine_is_refused(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        inbox = create_inbox(name="Support", address="support@acme.example")
        raw = raw_mail("loop", sender="support@acme.example", headers={"Precedence": "bulk"})
        receive_mail(inbox=inbox, raw=raw, at=timezone.now())

    answer = sign_in(bela).post("/acme/quarantine/1/block/", headers=HTMX).content.decode()

    assert "address of yours" in answer
    with tenant_scope(acme):
        assert not BlockedSender.objects.exists()
