"""Members, their roles and their end: who may change whom, and what counts at once."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.kinds import Role
from accounts.models import Invitation, Membership, Tenant
from accounts.services import deactivating, promoting
from accounts.services.opening import add_member
from accounts.tenancy import tenant_scope
from events.hub import Hub
from events.views import stream as stream_view
from tests.accounts.test_passwords import NEW
from tests.asgi import opened
from tests.conftest import PASSWORD
from tests.factories.accounts import make_invitation, make_team

SignIn = Callable[[Membership], Client]


@pytest.fixture
def dora(acme: Tenant) -> Membership:
    """Admin of acme."""
    return add_member(tenant=acme, email="dora@acme.example", name="Dora", role=Role.ADMIN, password=PASSWORD)


def role_of(member: Membership) -> str:
    return Membership.objects.get(pk=member.pk).role


def is_active(member: Membership) -> bool:
    return Membership.objects.get(pk=member.pk).is_active


def give(client: Client, member: Membership, role: str, **more: str) -> Any:
    return client.post(f"/acme/settings/members/{member.number}/role/", {"role": role, **more})


def switch(client: Client, member: Membership, verb: str = "deactivate") -> Any:
    return client.post(f"/acme/settings/members/{member.number}/{verb}/")


def test_members_page_shows_roles_teams_and_inboxes(
    sign_in: SignIn, ada: Membership, bela: Membership, cleo: Membership
) -> None:
    with tenant_scope(ada.tenant):
        make_team("Returns", bela)
    bela.mark_inboxes(sees_all=False)

    content = sign_in(ada).get("/acme/settings/members/").content.decode()

    assert all(word in content for word in ("bela@acme.example", "Owner", "Agent", "Returns", "Chosen", "Never"))
    assert "cleo@globex.example" not in content


def test_members_page_asks_the_same_of_one_and_of_many(
    sign_in: SignIn, ada: Membership, acme: Tenant, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(ada)
    with tenant_scope(acme):
        for number in range(3):
            make_team(f"Team {number}", add_member(tenant=acme, email=f"m{number}@acme.example"))
            make_invitation(ada, f"i{number}@acme.example")

    with django_assert_max_num_queries(14):
        client.get("/acme/settings/members/")


@pytest.mark.parametrize("role", ["admin", "owner", "agent"])
def test_owner_gives_any_role(sign_in: SignIn, ada: Membership, bela: Membership, role: str) -> None:
    response = give(sign_in(ada), bela, role)

    assert response["Location"] == f"/acme/settings/members/{bela.number}/"
    assert role_of(bela) == role


@pytest.mark.parametrize("role", ["owner", "superuser", "", "Owner", "owner\0", "['owner']"])
def test_admin_makes_no_owner(sign_in: SignIn, dora: Membership, bela: Membership, role: str) -> None:
    give(sign_in(dora), bela, role)

    assert role_of(bela) == Role.AGENT


def test_admin_lifts_nobody_over_themselves_by_other_names(sign_in: SignIn, dora: Membership, bela: Membership) -> None:
    client = sign_in(dora)

    give(client, dora, "owner")
    give(client, bela, "agent", is_active="0", tenant="1", user="1", sees_all_inboxes="0", number="77")
    client.post("/acme/profile/", {"me-time_zone": "UTC", "role": "owner", "me-role": "owner", "is_staff": "1"})

    assert role_of(dora) == Role.ADMIN
    assert Membership.objects.filter(pk=bela.pk, number=bela.number, is_active=True, sees_all_inboxes=True).exists()


def test_nobody_else_touches_an_owner(sign_in: SignIn, ada: Membership, dora: Membership, acme: Tenant) -> None:
    second = add_member(tenant=acme, email="olga@acme.example", role=Role.OWNER)
    for client in (sign_in(dora), sign_in(second)):
        give(client, ada, "agent")
        switch(client, ada)

    assert (role_of(ada), is_active(ada)) == (Role.OWNER, True)


def test_last_owner_stays(sign_in: SignIn, ada: Membership, dora: Membership) -> None:
    response = sign_in(ada).post(f"/acme/settings/members/{ada.number}/role/", {"role": "agent"}, follow=True)

    assert role_of(ada) == Role.OWNER
    assert b"A workspace needs an owner" in response.content


def test_owner_who_made_another_may_step_down(sign_in: SignIn, ada: Membership, dora: Membership) -> None:
    client = sign_in(ada)
    give(client, dora, "owner")

    response = give(client, ada, "agent")

    assert (role_of(ada), response["Location"]) == (Role.AGENT, "/acme/profile/")


def test_inactive_owner_does_not_count_as_another(ada: Membership, dora: Membership, in_acme: Tenant) -> None:
    Membership.objects.filter(pk=dora.pk).update(role=Role.OWNER, is_active=False)

    with pytest.raises(promoting.LastOwner):
        promoting.change_role(member=ada, role=Role.ADMIN, by=ada, at=timezone.now())


def test_owner_cannot_be_deactivated_by_any_way(ada: Membership, dora: Membership, in_acme: Tenant) -> None:
    with pytest.raises(deactivating.OwnerStays):
        deactivating.deactivate_member(member=ada, by=dora, at=timezone.now())

    assert is_active(ada)


def test_nobody_deactivates_themselves(sign_in: SignIn, dora: Membership) -> None:
    switch(sign_in(dora), dora)

    assert is_active(dora)


def test_agents_and_others_change_nobody(
    sign_in: SignIn, ada: Membership, bela: Membership, dora: Membership, cleo: Membership
) -> None:
    for stranger in (bela, cleo):
        client = sign_in(stranger)
        answers = [give(client, dora, "agent"), switch(client, dora), switch(client, dora, "reactivate")]
        answers += [client.get(f"/acme/settings/members/{dora.number}/"), give(client, stranger, "owner")]
        assert {answer.status_code for answer in answers} == {404}

    assert (role_of(dora), role_of(bela), is_active(dora)) == (Role.ADMIN, Role.AGENT, True)


def test_members_of_another_workspace_cannot_be_named(sign_in: SignIn, ada: Membership, cleo: Membership) -> None:
    client = sign_in(ada)
    for number in (cleo.number + 50, 2**40):
        assert client.post(f"/acme/settings/members/{number}/role/", {"role": "agent"}).status_code == 404
        assert client.post(f"/acme/settings/members/{number}/deactivate/").status_code == 404


def test_looking_changes_nobody(sign_in: SignIn, ada: Membership, bela: Membership) -> None:
    client = sign_in(ada)

    statuses = {
        client.get(f"/acme/settings/members/{bela.number}/{verb}/", {"role": "owner"}).status_code
        for verb in ("role", "deactivate", "reactivate")
    }

    assert statuses == {405}
    assert (role_of(bela), is_active(bela)) == (Role.AGENT, True)


def test_forms_without_a_token_change_nobody(ada: Membership, bela: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada.user)

    answers = [give(client, bela, "owner"), switch(client, bela)]

    assert {answer.status_code for answer in answers} == {403}
    assert (role_of(bela), is_active(bela)) == (Role.AGENT, True)


def test_deactivation_ends_the_sessions_of_who_has_no_other_workspace(
    sign_in: SignIn, ada: Membership, bela: Membership
) -> None:
    theirs, second = sign_in(bela), sign_in(bela)
    assert theirs.get("/acme/tickets/").status_code == 200

    switch(sign_in(ada), bela)

    assert theirs.get("/acme/tickets/")["Location"].startswith("/accounts/login/")
    assert second.get("/workspaces/")["Location"].startswith("/accounts/login/")


def test_deactivation_closes_only_this_workspace(
    sign_in: SignIn, ada: Membership, bela: Membership, globex: Tenant
) -> None:
    add_member(tenant=globex, email=bela.email)
    theirs = sign_in(bela)

    switch(sign_in(ada), bela)

    assert theirs.get("/acme/tickets/").status_code == 404
    assert theirs.post("/acme/profile/", {}).status_code == 404
    assert theirs.get("/globex/tickets/").status_code == 200


def test_session_ended_once_stays_ended(sign_in: SignIn, ada: Membership, bela: Membership) -> None:
    theirs, admin = sign_in(bela), sign_in(ada)
    switch(admin, bela)

    switch(admin, bela, "reactivate")

    assert is_active(bela)
    assert theirs.get("/acme/tickets/").status_code == 302
    assert sign_in(Membership.objects.get(pk=bela.pk)).get("/acme/tickets/").status_code == 200


def test_role_taken_away_counts_in_the_next_request(sign_in: SignIn, ada: Membership, dora: Membership) -> None:
    theirs = sign_in(dora)
    assert theirs.get("/acme/settings/members/").status_code == 200

    give(sign_in(ada), dora, "agent")

    assert theirs.get("/acme/settings/members/").status_code == 404


def test_who_is_no_admin_any_more_has_invited_nobody(ada: Membership, dora: Membership, in_acme: Tenant) -> None:
    make_invitation(dora, "new@acme.example")
    others, _ = make_invitation(ada, "other@acme.example")

    promoting.change_role(member=dora, role=Role.AGENT, by=ada, at=timezone.now())

    assert list(Invitation.objects.unanswered()) == [others]


def test_signing_out_everywhere_keeps_this_session(sign_in: SignIn, ada: Membership) -> None:
    here, elsewhere = sign_in(ada), sign_in(ada)

    here.post("/acme/profile/sign-out-everywhere/")

    assert here.get("/acme/profile/").status_code == 200
    assert elsewhere.get("/acme/profile/").status_code == 302


def test_password_change_still_ends_other_sessions(sign_in: SignIn, ada: Membership) -> None:
    here, elsewhere = sign_in(ada), sign_in(ada)

    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert (here.get("/acme/profile/").status_code, elsewhere.get("/acme/profile/").status_code) == (200, 302)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["deactivate", "role"])
def test_streams_close_at_once(
    sign_in: SignIn, ada: Membership, bela: Membership, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(settings.REDIS_URL)
    monkeypatch.setattr(stream_view, "hub", lambda: hub)
    admin, theirs = sign_in(ada), sign_in(bela)
    path = f"/acme/settings/members/{bela.number}/{verb}/"

    def press() -> None:
        try:
            admin.post(path, {"role": "admin"})
        finally:
            connections.close_all()

    async def scenario() -> None:
        async with opened(get_asgi_application(), "/acme/stream/", theirs) as exchange:
            await exchange.until(b"resync")
            await asyncio.to_thread(press)
            await asyncio.wait_for(exchange.ended.wait(), 10)

    asyncio.run(asyncio.wait_for(scenario(), 30))


def test_workspace_is_renamed_and_keeps_its_address(sign_in: SignIn, ada: Membership, cleo: Membership) -> None:
    client = sign_in(ada)

    client.post("/acme/settings/name/", {"name": "Acme & Sons", "slug": "evil"})
    empty = client.post("/acme/settings/name/", {"name": " "})

    ada.tenant.refresh_from_db()
    assert (ada.tenant.name, ada.tenant.slug, empty.status_code) == ("Acme & Sons", "acme", 422)
    assert sign_in(cleo).post("/acme/settings/name/", {"name": "x"}).status_code == 404
