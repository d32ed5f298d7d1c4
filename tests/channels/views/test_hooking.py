"""The page of an inbox's mail provider."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.kinds import RouteKind
from accounts.models import Membership, Route, Tenant
from accounts.tenancy import tenant_scope
from channels.kinds import CallPurpose, CallState
from channels.models import ProviderCall, ProviderHook
from files.services.storing import store
from tests.factories.tickets import make_inbox

SignIn = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db
URL = "/acme/settings/inboxes/1/provider/"


@pytest.fixture(autouse=True)
def _inbox(acme: Tenant) -> None:
    with tenant_scope(acme):
        make_inbox()


def hook(tenant: Tenant) -> ProviderHook | None:
    with tenant_scope(tenant), transaction.atomic():
        return ProviderHook.objects.first()


def kept(tenant: Tenant) -> ProviderHook:
    found = hook(tenant)
    assert found is not None
    return found


def test_admin_lets_a_provider_call_and_sees_the_password_once(
    acme: Tenant, ada: Membership, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    form = {"provider": "postmark"}
    assert sign_in(bela).post(URL, form).status_code == 404
    assert sign_in(cleo).post(URL, form).status_code == 404
    assert hook(acme) is None

    made = sign_in(ada).post(URL, form)

    secret = kept(acme).secret
    assert f"//helpdesk:{secret}@" in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    again = sign_in(ada).get(URL).content.decode()
    assert secret not in again
    host = settings.BASE_URL.partition("://")[2]
    assert f"//helpdesk:PASSWORD@{host}/public/mail/hooks/{kept(acme).key}/reports/" in again
    assert secret not in sign_in(ada).post(URL, form).content.decode()


def test_unheard_provider_is_refused(acme: Tenant, ada: Membership, sign_in: SignIn) -> None:
    assert sign_in(ada).post(URL, {"provider": "pigeon"}).status_code == 422
    assert hook(acme) is None


def test_another_provider_gets_other_addresses(acme: Tenant, ada: Membership, sign_in: SignIn) -> None:
    client = sign_in(ada)
    client.post(URL, {"provider": "postmark"})
    before = kept(acme)

    client.post(URL, {"provider": "mailgun"})

    after = kept(acme)
    assert {before.key, before.secret}.isdisjoint({after.key, after.secret})
    assert list(Route.objects.filter(kind=RouteKind.MAIL_HOOK).values_list("key", flat=True)) == [after.key]


def test_new_password_leaves_the_addresses(
    acme: Tenant, ada: Membership, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    sign_in(ada).post(URL, {"provider": "postmark"})
    before = kept(acme)
    for stranger in (bela, cleo):
        assert sign_in(stranger).post(f"{URL}password/").status_code == 404

    page = sign_in(ada).post(f"{URL}password/").content.decode()

    after = kept(acme)
    assert (after.key, after.secret == before.secret) == (before.key, False)
    assert after.secret in page
    assert before.secret not in page


def test_calls_are_listed_and_the_failed_ones_read_again(
    acme: Tenant, ada: Membership, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    client = sign_in(ada)
    client.post(URL, {"provider": "postmark"})
    with tenant_scope(acme), transaction.atomic():
        file = store(name="call", content_type="text/plain", content=b"x")
        facts = {"hook": ProviderHook.objects.get(), "file": file, "received_at": timezone.now()}
        call = ProviderCall.objects.create(purpose=CallPurpose.REPORT, **facts)
        call.mark(CallState.FAILED, reason="<b>KeyError</b>")

    page = client.get(URL).content.decode()
    assert "Not understood: &lt;b&gt;KeyError" in page
    assert "1 call could not be read" in page

    for stranger in (bela, cleo):
        assert sign_in(stranger).post(f"{URL}again/").status_code == 404
    client.post(f"{URL}again/")
    with tenant_scope(acme), transaction.atomic():
        assert ProviderCall.objects.get().state == "received"


def test_hook_is_shut(acme: Tenant, ada: Membership, bela: Membership, cleo: Membership, sign_in: SignIn) -> None:
    sign_in(ada).post(URL, {"provider": "postmark"})
    for stranger in (bela, cleo):
        assert sign_in(stranger).post(f"{URL}shut/").status_code == 404
    assert hook(acme) is not None

    sign_in(ada).post(f"{URL}shut/")

    assert hook(acme) is None
    assert not Route.objects.filter(kind=RouteKind.MAIL_HOOK).exists()
    assert sign_in(ada).post(f"{URL}shut/").status_code == 404


def test_every_provider_that_sends_may_call(ada: Membership, sign_in: SignIn) -> None:
    page = sign_in(ada).get(URL).content.decode()

    assert len(re.findall(r'<option value="\w+"', page)) == 11
