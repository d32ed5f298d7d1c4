"""The quarantine page."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.services.receiving import receive_mail
from tests.factories.channels import raw_mail
from tickets.models import Ticket
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
