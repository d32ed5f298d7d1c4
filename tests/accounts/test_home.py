"""Which workspace, and in one: its inbox."""

from collections.abc import Callable

from django.test import Client

from accounts.models import Membership, Tenant
from accounts.services.opening import add_member

SignIn = Callable[[Membership], Client]


def test_start_leads_to_the_only_workspace(sign_in: SignIn, ada: Membership) -> None:
    response = sign_in(ada).get("/")

    assert (response.status_code, response["Location"]) == (302, "/acme/")


def test_start_of_a_workspace_is_its_inbox(sign_in: SignIn, ada: Membership) -> None:
    response = sign_in(ada).get("/acme/")

    assert response["Location"] == "/acme/tickets/"


def test_start_offers_the_choice_between_several(sign_in: SignIn, ada: Membership, globex: Tenant) -> None:
    add_member(tenant=globex, email=ada.email)

    response = sign_in(ada).get("/")

    assert b'href="/acme/"' in response.content
    assert b'href="/globex/"' in response.content


def test_choice_leaves_out_an_ended_membership(sign_in: SignIn, ada: Membership, globex: Tenant) -> None:
    ended = add_member(tenant=globex, email=ada.email)
    Membership.objects.filter(pk=ended.pk).update(is_active=False)

    response = sign_in(ada).get("/workspaces/")

    assert b"/globex/" not in response.content


def test_person_without_workspace_is_told_so(sign_in: SignIn, ada: Membership) -> None:
    Membership.objects.filter(pk=ada.pk).update(is_active=False)

    response = sign_in(ada).get("/")

    assert response.status_code == 200
    assert b"No workspace yet" in response.content


def test_start_asks_a_stranger_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/")["Location"] == "/accounts/login/?next=/"


def test_workspace_and_no_workspace_look_the_same_to_a_stranger(client: Client, acme: Tenant) -> None:
    existing = client.get("/acme/tickets/?view=mine")
    missing = client.get("/nobody/tickets/?view=mine")

    assert existing["Location"] == "/accounts/login/?next=/acme/tickets/%3Fview%3Dmine"
    assert missing["Location"] == existing["Location"].replace("acme", "nobody")


def test_workspace_of_others_is_not_found(sign_in: SignIn, acme: Tenant, cleo: Membership) -> None:
    client = sign_in(cleo)

    for path in ("/acme/", "/acme/tickets/", "/nobody/", "/acme/settings/"):
        assert client.get(path).status_code == 404


def test_prefix_of_a_workspace_does_not_stay(sign_in: SignIn, ada: Membership, globex: Tenant) -> None:
    client = sign_in(ada)
    client.get("/acme/profile/")
    Membership.objects.filter(pk=ada.pk).update(is_active=False)

    assert b'action="/accounts/logout/"' in client.get("/").content
