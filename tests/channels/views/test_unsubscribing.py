"""The page behind "Unsubscribe": without a sign-in, by a press of a person or a program, never by looking."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from channels.models import Unsubscribed
from core.tokens import make_token
from events.models import Event
from tests.channels.outgoing import mail_of
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.addresses import Person
from tickets.models import Message
from tickets.services import acknowledging

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def automatic(in_acme: Tenant) -> Message:
    ticket = make_ticket(make_inbox(sender_name="Acme <Desk>", acknowledgement="<div>We have your letter.</div>"))
    message = acknowledging.acknowledge(ticket=ticket, to=Person("ana@shopper.example"), at=timezone.now())
    assert message is not None
    return message


@pytest.fixture
def path(automatic: Message, settings: Any) -> str:
    """As it stands in the letter."""
    settings.BASE_URL = "https://help.example"
    found = re.fullmatch(r"<https://help\.example(/.*)>", mail_of(automatic)["List-Unsubscribe"])
    assert found
    return found[1]


@pytest.fixture
def stranger() -> Client:
    return Client(enforce_csrf_checks=True)


def is_unsubscribed(tenant: Tenant) -> bool:
    with tenant_scope(tenant):
        return Unsubscribed.objects.filter(address="ana@shopper.example").exists()


def test_looking_changes_nothing(stranger: Client, path: str, acme: Tenant) -> None:
    response = stranger.get(path)

    assert response.status_code == 200
    assert b"ana@shopper.example" in response.content
    assert b"Acme &lt;Desk&gt;" in response.content
    assert stranger.head(path).status_code == 200
    assert not is_unsubscribed(acme)


def test_one_press_of_a_mail_program_is_enough(stranger: Client, path: str, acme: Tenant) -> None:
    response = stranger.post(path, ONE_CLICK)

    assert (response.status_code, response.content) == (200, b"Unsubscribed.")
    assert "Set-Cookie" not in response.headers
    assert is_unsubscribed(acme)


def test_person_presses_and_may_change_their_mind(stranger: Client, path: str, acme: Tenant) -> None:
    pressed = stranger.post(path, follow=True)
    assert b"None go to" in pressed.content
    assert is_unsubscribed(acme)

    again = stranger.post(path, {"again": "1"}, follow=True)

    assert b">Unsubscribe<" in again.content
    assert not is_unsubscribed(acme)
    with tenant_scope(acme):
        types = Event.objects.filter(type__startswith="address.").order_by("pk").values_list("type", flat=True)
        assert list(types) == ["address.unsubscribed", "address.subscribed"]


def test_pressing_twice_is_pressing_once(stranger: Client, path: str, acme: Tenant) -> None:
    for _ in range(2):
        assert stranger.post(path, ONE_CLICK).status_code == 200

    with tenant_scope(acme):
        assert Unsubscribed.objects.count() == 1


def test_only_our_own_tokens_are_heard(stranger: Client, automatic: Message, acme: Tenant, globex: Tenant) -> None:
    agents_letter = make_message(automatic.ticket, direction="out")
    agents_letter.recipients.create(kind="to", address="ana@shopper.example")
    tokens = [
        "x",
        make_token("open", acme.pk, automatic.pk),
        make_token("unsubscribe", globex.pk, automatic.pk),
        make_token("unsubscribe", acme.pk, agents_letter.pk),
        make_token("unsubscribe", acme.pk, 2**63 - 1),
        make_token("unsubscribe", 2**62, automatic.pk),
    ]

    for token in tokens:
        assert stranger.get(f"/public/mail/unsubscribe/{token}/").status_code == 404
        assert stranger.post(f"/public/mail/unsubscribe/{token}/", ONE_CLICK).status_code == 404
    assert not is_unsubscribed(acme)


def test_address_is_off_the_list_of_its_workspace_only(stranger: Client, path: str, globex: Tenant) -> None:
    stranger.post(path, ONE_CLICK)

    assert not is_unsubscribed(globex)
