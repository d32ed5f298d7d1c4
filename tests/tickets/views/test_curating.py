"""The page that keeps the workspace's tags."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from tests.factories.tickets import make_tag, make_ticket
from tickets.models import Tag, TicketTag

SignIn = Callable[[Membership], Client]


@pytest.fixture
def gift(acme: Tenant) -> Tag:
    with tenant_scope(acme):
        tag = make_tag("Gift")
        TicketTag.objects.create(ticket=make_ticket(), tag=tag)
        return tag


def names(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return list(Tag.objects.order_by("name_folded").values_list("name", flat=True))


def test_tags_are_for_admins_of_the_workspace(
    gift: Tag, acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    for member in (bela, cleo):
        client = sign_in(member)
        assert client.get("/acme/tags/").status_code == 404
        assert client.get("/acme/tags/1/").status_code == 404
        assert client.post("/acme/tags/1/delete/").status_code == 404
    assert sign_in(cleo).get("/globex/tags/1/").status_code == 404
    assert names(acme) == ["Gift"]


def test_list_shows_counts_and_takes_new_ones(gift: Tag, acme: Tenant, ada: Membership, sign_in: SignIn) -> None:
    client = sign_in(ada)

    assert '<td class="number">1' in client.get("/acme/tags/").content.decode()
    client.post("/acme/tags/", {"name": "Broken"})
    client.post("/acme/tags/", {"name": "BROKEN"})

    assert names(acme) == ["Broken", "Gift"]
    assert client.post("/acme/tags/", {"name": "x" * 51}).status_code == 422


def test_rename_and_color_are_saved(gift: Tag, acme: Tenant, ada: Membership, sign_in: SignIn) -> None:
    sign_in(ada).post("/acme/tags/1/", {"name": "Present", "color": "4"})

    with tenant_scope(acme):
        gift.refresh_from_db()
    assert (gift.name, gift.name_folded, gift.color) == ("Present", "present", 4)


@pytest.mark.parametrize("color", ["9", "-1", "red"])
def test_unknown_color_is_refused(gift: Tag, ada: Membership, sign_in: SignIn, color: str) -> None:
    assert sign_in(ada).post("/acme/tags/1/", {"name": "Gift", "color": color}).status_code == 422


def test_name_of_another_tag_merges_after_asking(gift: Tag, acme: Tenant, ada: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        make_tag("Present")
    client = sign_in(ada)

    asked = client.post("/acme/tags/1/", {"name": "present", "color": "0"})

    assert "Merge the two?" in asked.content.decode()
    assert names(acme) == ["Gift", "Present"]
    client.post("/acme/tags/1/", {"name": "present", "color": "0", "merge": "1"})
    assert names(acme) == ["Present"]
    with tenant_scope(acme):
        assert TicketTag.objects.get().tag.name == "Present"


def test_delete_takes_the_tag_away(gift: Tag, acme: Tenant, ada: Membership, sign_in: SignIn) -> None:
    client = sign_in(ada)

    assert client.get("/acme/tags/1/delete/").status_code == 405
    client.post("/acme/tags/1/delete/")

    assert names(acme) == []
