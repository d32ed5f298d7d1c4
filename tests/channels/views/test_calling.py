"""Calls of an inbox's mail provider: stored before they are read, then worked."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.base import TryAgain
from channels.models import Delivery, ProviderCall, ProviderHook, RawMail
from channels.services import calling, hearing, hooking
from channels.tasks import forget_old_calls
from core.http import HttpClient, Response
from events.models import Event
from files.models import StoredFile
from files.services import storing
from tests.factories.channels import raw_mail
from tests.factories.tickets import make_message, make_ticket
from tickets.models import Inbox, Message, Recipient
from tickets.services.creating_inbox import create_inbox

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


@pytest.fixture
def hook(acme: Tenant, ada: Membership) -> ProviderHook:
    return made("sparkpost", acme)


def made(provider: str, tenant: Tenant, address: str = "support@acme.example") -> ProviderHook:
    with tenant_scope(tenant), transaction.atomic():
        inbox = Inbox.objects.filter(address=address).first() or create_inbox(name="Support", address=address)
        return hooking.open_hook(inbox=inbox, provider=provider)


def call(hook: ProviderHook, way: str, body: Any, *, secret: str | None = "", key: str = "", **headers: str) -> Any:
    if secret is not None:
        basic = base64.b64encode(f"helpdesk:{secret or hook.secret}".encode()).decode()
        headers["Authorization"] = f"Basic {basic}"
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    url = f"/public/mail/hooks/{key or hook.key}/{way}/"
    return Client().post(url, content, content_type="application/json", headers=headers)


def work(tenant: Tenant, *, at: Any = NOW) -> ProviderCall:
    """Work the newest call, as its reaction would."""
    with tenant_scope(tenant):
        with transaction.atomic():
            newest = ProviderCall.objects.order_by("-pk")[0]
        hearing.work_call(call_id=newest.pk, at=at)
        with transaction.atomic():
            return ProviderCall.objects.select_related("hook").get(pk=newest.pk)


def relayed(raw: bytes, recipient: str = "support@acme.example") -> list[Any]:
    content = {"email_rfc822": base64.b64encode(raw).decode(), "email_rfc822_is_base64": True}
    return [{"msys": {"relay_message": {"content": content, "rcpt_to": recipient}}}]


def report(kind: str, name: str, recipient: str = "ana@shopper.example") -> list[Any]:
    event = {"type": kind, "transmission_id": name, "raw_rcpt_to": recipient, "bounce_class": "10", "raw_reason": "550"}
    return [{"msys": {"message_event": event}}]


def sent(tenant: Tenant, **delivery: Any) -> Message:
    with tenant_scope(tenant), transaction.atomic():
        message = make_message(make_ticket(Inbox.objects.get()), direction="out", delivery_state="sent")
        Recipient.objects.create(message=message, kind="to", address="ana@shopper.example")
        facts = {"mail_id": "<own@acme.example>", "provider_id": "id-1", **delivery}
        Delivery.objects.create(message=message, recipient="ana@shopper.example", **facts)
        return message


def state(tenant: Tenant, message: Message) -> str:
    with tenant_scope(tenant), transaction.atomic():
        return Message.objects.get(pk=message.pk).delivery_state


def mails(tenant: Tenant) -> list[tuple[int, bytes]]:
    with tenant_scope(tenant), transaction.atomic():
        return [(one.inbox_id, storing.read(one.file)) for one in RawMail.objects.select_related("file").order_by("pk")]


def test_call_is_stored_as_it_came_before_it_is_answered(acme: Tenant, hook: ProviderHook) -> None:
    body = b"\xff\x00 no JSON"

    assert call(hook, "inbound", body, **{"X-Message-Signature": "abc", "Cookie": "a=b"}).status_code == 200

    with tenant_scope(acme), transaction.atomic():
        kept = ProviderCall.objects.select_related("file", "hook").get()
        assert storing.read(kept.file) == body
        assert kept.headers["x-message-signature"] == "abc"
        assert not {"authorization", "cookie"} & set(kept.headers)
        assert kept.hook.last_call_at is not None
        assert Event.objects.get(type="mail.call_stored").data == {"call": kept.pk}


@pytest.mark.parametrize(("secret", "status"), [(None, 401), ("wrong", 401), ("", 200)])
def test_call_needs_the_password(acme: Tenant, hook: ProviderHook, secret: str | None, status: int) -> None:
    answer = call(hook, "reports", [], secret=secret)

    assert answer.status_code == status
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)
    with tenant_scope(acme), transaction.atomic():
        assert ProviderCall.objects.exists() is (status == 200)


@pytest.mark.parametrize("header", ["Basic", "Basic !!", "Bearer x", "Basic " + "A" * 9999, "Basic =", "Basic /w=="])
def test_password_that_cannot_be_read_is_none(hook: ProviderHook, header: str) -> None:
    assert call(hook, "inbound", [], secret=None, Authorization=header).status_code == 401


def test_nobody_waits_at_another_key(hook: ProviderHook, globex: Tenant) -> None:
    other = made("sparkpost", globex, "help@globex.example")

    assert call(hook, "inbound", [], key="0" * 32).status_code == 404
    assert call(hook, "inbound", [], key=other.key).status_code == 401
    assert Client().get(f"/public/mail/hooks/{hook.key}/inbound/").status_code == 405
    assert Client().head(f"/public/mail/hooks/{hook.key}/inbound/").status_code == 200


def test_call_over_the_limit_is_refused(hook: ProviderHook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "MOST_BYTES", 100)

    assert call(hook, "inbound", b"x" * 100).status_code == 200
    assert call(hook, "inbound", b"x" * 101).status_code == 413


def test_large_call_is_taken(acme: Tenant, hook: ProviderHook) -> None:
    """Forms of pages are refused beyond 5 MB."""
    raw = raw_mail("x" * 6_000_000)

    assert call(hook, "inbound", relayed(raw)).status_code == 200
    assert work(acme).state == "done"
    assert mails(acme)[0][1] == raw


def test_mail_goes_to_the_inbox_it_was_sent_to_or_to_the_hooks_own(acme: Tenant, hook: ProviderHook) -> None:
    with tenant_scope(acme), transaction.atomic():
        other = create_inbox(name="Returns", address="returns@acme.example")
    for recipient in ("returns@acme.example", "somebody@else.example"):
        call(hook, "inbound", relayed(raw_mail(to=recipient), recipient))
        assert work(acme).reason == "1 mail"

    assert [inbox for inbox, _ in mails(acme)] == [other.pk, hook.inbox_id]


def test_mail_never_goes_to_another_workspace(acme: Tenant, globex: Tenant, hook: ProviderHook) -> None:
    made("sparkpost", globex, "help@globex.example")

    call(hook, "inbound", relayed(raw_mail(), "help@globex.example"))
    work(acme)

    assert [inbox for inbox, _ in mails(acme)] == [hook.inbox_id]
    assert mails(globex) == []


def test_call_worked_twice_makes_one_mail(acme: Tenant, hook: ProviderHook) -> None:
    call(hook, "inbound", relayed(raw_mail()))

    work(acme)
    work(acme)

    assert len(mails(acme)) == 1


def test_call_that_cannot_be_read_is_kept_shown_and_read_again(acme: Tenant, hook: ProviderHook) -> None:
    call(hook, "inbound", relayed(raw_mail()))
    with tenant_scope(acme), transaction.atomic():
        ProviderHook.objects.update(provider="postmark")
    failed = work(acme)

    assert (failed.state, failed.hook.last_error) == ("failed", failed.reason)
    assert failed.reason
    assert mails(acme) == []

    with tenant_scope(acme), transaction.atomic():
        ProviderHook.objects.update(provider="sparkpost")
        assert calling.work_failed_again(hook=hook) == 1
        assert Event.objects.filter(type="mail.call_stored").count() == 2
    assert work(acme).state == "done"
    assert len(mails(acme)) == 1


def test_lost_file_is_said(acme: Tenant, hook: ProviderHook, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(_: Any) -> bytes:
        raise FileNotFoundError

    call(hook, "inbound", relayed(raw_mail()))
    monkeypatch.setattr(storing, "read", lost)

    assert work(acme).reason == "Its file is gone from the storage."


@pytest.mark.parametrize(
    "delivery", [{"provider_id": "id-1"}, {"provider_id": "<id-1>"}], ids=["by the provider's name", "in brackets"]
)
def test_report_finds_its_message(acme: Tenant, hook: ProviderHook, delivery: dict[str, str]) -> None:
    message = sent(acme, **delivery)

    call(hook, "reports", report("delivery", delivery["provider_id"]))

    assert work(acme).reason == "1 report"
    assert state(acme, message) == "delivered"


def test_report_of_another_workspace_finds_nothing(acme: Tenant, globex: Tenant, hook: ProviderHook) -> None:
    message = sent(acme)
    other = made("sparkpost", globex, "help@globex.example")

    call(other, "reports", report("bounce", "id-1"))
    late = work(globex, at=timezone.now() + timedelta(minutes=5))

    assert (late.state, late.reason) == ("ignored", "No report of ours in it")
    assert state(acme, message) == "sent"


def test_report_that_overtakes_the_sending_waits_for_it(acme: Tenant, hook: ProviderHook) -> None:
    message = sent(acme, provider_id="")
    call(hook, "reports", report("delivery", "id-1"))
    with pytest.raises(TryAgain):
        work(acme)

    with tenant_scope(acme), transaction.atomic():
        Delivery.objects.update(provider_id="id-1")
    work(acme)

    assert state(acme, message) == "delivered"


def test_amazons_question_is_answered(acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def get(_: Any, url: str, **__: Any) -> Response:
        asked.append(url)
        return Response(200 if len(asked) > 1 else 500, {}, b"")

    monkeypatch.setattr(HttpClient, "get", get)
    hook, url = made("amazon_ses", acme), "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
    call(hook, "reports", {"Type": "SubscriptionConfirmation", "SubscribeURL": url})

    with pytest.raises(TryAgain):
        work(acme)
    assert work(acme).reason == "The subscription was confirmed"
    assert asked == [url, url]


def test_worked_calls_are_forgotten_after_a_month(acme: Tenant, hook: ProviderHook) -> None:
    for body in (relayed(raw_mail()), b"nonsense"):
        call(hook, "inbound", body)
        work(acme)
    with tenant_scope(acme), transaction.atomic():
        ProviderCall.objects.update(received_at=NOW - timedelta(days=40))
    call(hook, "inbound", relayed(raw_mail(mail_id="<two@shopper.example>")))
    work(acme)

    forget_old_calls()

    with tenant_scope(acme), transaction.atomic():
        assert [one.state for one in ProviderCall.objects.order_by("pk")] == ["failed", "done"]
        assert StoredFile.objects.filter(name="call").count() == 2


def test_shut_hook_takes_no_calls_and_leaves_none(acme: Tenant, hook: ProviderHook) -> None:
    call(hook, "inbound", relayed(raw_mail()))
    work(acme)

    with tenant_scope(acme), transaction.atomic():
        hooking.shut_hook(hook=ProviderHook.objects.get())

    assert call(hook, "inbound", []).status_code == 404
    assert len(mails(acme)) == 1
    with tenant_scope(acme), transaction.atomic():
        assert not StoredFile.objects.filter(name="call").exists()
