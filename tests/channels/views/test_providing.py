"""Mail handed over by a provider's webhook."""

import base64
import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from channels.models import RawMail
from files.services import storing
from tests.factories.channels import raw_mail
from tickets.services.creating_inbox import create_inbox

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/public/mail/mailgun/inbound/"
SECRET = "provider:long enough"


@pytest.fixture
def acme_inbox(acme: Tenant, settings: Any) -> Tenant:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": ""}
    with tenant_scope(acme):
        create_inbox(name="Support", address="support@acme.example")
    return acme


def sparkpost(raw: bytes, recipient: str) -> dict[str, Any]:
    content = {"email_rfc822": base64.b64encode(raw).decode(), "email_rfc822_is_base64": True}
    relayed = {"protocol": "smtp", "content": content, "msg_from": "ana@shopper.example", "rcpt_to": recipient}
    return {"msys": {"relay_message": relayed}}


def post(recipient: str, *, secret: str = SECRET, raw: bytes = b"") -> int:
    basic = base64.b64encode(secret.encode()).decode()
    body = json.dumps([sparkpost(raw or raw_mail("hello", to=recipient), recipient)])
    headers = {"Authorization": f"Basic {basic}"} if secret else {}
    url = URL.replace("mailgun", "sparkpost")
    return Client().post(url, body, content_type="application/json", headers=headers).status_code


def stored(tenant: Tenant) -> list[bytes]:
    with tenant_scope(tenant), transaction.atomic():
        return [storing.read(mail.file) for mail in RawMail.objects.select_related("file")]


def test_mail_of_a_provider_is_stored_before_it_is_answered(acme_inbox: Tenant) -> None:
    assert post("support@acme.example") == 200

    (raw,) = stored(acme_inbox)
    assert b"hello" in raw
    with tenant_scope(acme_inbox), transaction.atomic():
        assert RawMail.objects.get().way == "provider"


@pytest.mark.parametrize("secret", ["", "provider:wrong"])
def test_stranger_is_refused(acme_inbox: Tenant, secret: str) -> None:
    assert post("support@acme.example", secret=secret) == 400
    assert stored(acme_inbox) == []


def test_door_is_shut_without_a_secret(acme_inbox: Tenant, settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": ""}

    assert post("support@acme.example") == 404


def test_mail_to_nobody_stays_with_the_provider(acme_inbox: Tenant) -> None:
    assert post("nobody@acme.example") == 404
    assert Client().post("/public/mail/unheard/inbound/").status_code == 404


def test_nonsense_is_refused(acme_inbox: Tenant) -> None:
    basic = base64.b64encode(SECRET.encode()).decode()
    url = URL.replace("mailgun", "postmark")

    answer = Client().post(url, "[1", content_type="application/json", headers={"Authorization": f"Basic {basic}"})

    assert answer.status_code in (400, 404)


def test_provider_may_look_whether_somebody_is_there(acme_inbox: Tenant) -> None:
    assert Client().head(URL).status_code == 200
    assert Client().get(URL).status_code == 405
