"""Saved views: anybody's own, admins' for all; named, ordered, deleted, at most fifty."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.kinds import Role
from accounts.models import Membership, Tenant
from accounts.services.opening import add_member
from accounts.tenancy import tenant_scope
from tests.factories.tickets import make_inbox, make_tag
from tickets.models import SavedView
from tickets.services.viewing import save_view

SignIn = Callable[[Membership], Client]
VIEWS = "/acme/tickets/views/"


def views_in(tenant: Tenant) -> list[tuple[str, str, str | None]]:
    """(name, query, who owns it) of all saved views, in order."""
    with tenant_scope(tenant):
        saved = SavedView.objects.select_related("member__user").order_by("member", "position")
        return [(view.name, view.query, view.member and view.member.name) for view in saved]


def save(tenant: Tenant, name: str, member: Membership | None = None, query: str = "mark=vip") -> SavedView:
    with tenant_scope(tenant):
        return save_view(name=name, query=query, member=member)


def test_agent_saves_a_filter_under_a_name(acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn) -> None:
    client, path = sign_in(bela), f"{VIEWS}new/?tag=3&x=y&mark=vip&sort=id"

    answer = client.post(path, {"name": " VIP returns ", "shared": "on"})

    assert answer["Location"] == "/acme/tickets/?tag=3&mark=vip"
    assert views_in(acme) == [("VIP returns", "tag=3&mark=vip", "Bela")]
    page = client.get(answer["Location"]).content.decode()
    assert "VIP returns</strong>" in page
    assert "Save view" not in page
    assert sign_in(cleo).post(path, {"name": "x"}).status_code == 404
    assert sign_in(cleo).post("/globex/tickets/views/new/?tag=3", {"name": "x"}).status_code == 302
    assert len(views_in(acme)) == 1


def test_admin_saves_one_for_the_workspace(acme: Tenant, ada: Membership, bela: Membership, sign_in: SignIn) -> None:
    sign_in(ada).post(f"{VIEWS}new/?mark=bad", {"name": "Difficult", "shared": "on"})

    assert views_in(acme) == [("Difficult", "mark=bad", None)]
    assert "Difficult" in sign_in(bela).get(f"{VIEWS}menu/").content.decode()


def test_what_is_to_be_saved_is_said_in_words(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        make_tag("return")

    page = sign_in(bela).get(f"{VIEWS}new/?tag=1&mark=vip").content.decode()

    assert "Open · VIP · tag return" in page
    assert 'name="shared"' not in page


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_view_without_a_proper_name_is_refused(acme: Tenant, bela: Membership, sign_in: SignIn, name: str) -> None:
    client, view = sign_in(bela), save(acme, "Mine", bela)

    assert client.post(f"{VIEWS}new/?mark=vip", {"name": name}).status_code == 422
    assert client.post(f"{VIEWS}{view.number}/rename/", {"name": name}).status_code == 302
    assert views_in(acme) == [("Mine", "mark=vip", "Bela")]


def test_there_are_at_most_fifty(acme: Tenant, ada: Membership, bela: Membership, sign_in: SignIn) -> None:
    for number in range(50):
        save(acme, f"View {number}", bela)

    answer = sign_in(bela).post(f"{VIEWS}new/?mark=vip", {"name": "One more"})

    assert answer.status_code == 422
    assert "50 views already" in answer.content.decode()
    assert sign_in(ada).post(f"{VIEWS}new/?mark=vip", {"name": "Another's"}).status_code == 302


def test_views_are_renamed_moved_and_deleted(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    first, second, third = (save(acme, name, bela) for name in ("One", "Two", "Three"))

    client.post(f"{VIEWS}{third.number}/move/", {"by": "-1"})
    client.post(f"{VIEWS}{first.number}/move/", {"by": "-1"})
    client.post(f"{VIEWS}{second.number}/move/", {"by": "99"})
    client.post(f"{VIEWS}{second.number}/rename/", {"name": "Second"})
    assert [name for name, *_ in views_in(acme)] == ["One", "Three", "Second"]

    client.post(f"{VIEWS}{third.number}/delete/")
    assert [name for name, *_ in views_in(acme)] == ["One", "Second"]
    page = client.get(VIEWS).content.decode()
    assert f"{VIEWS}{first.number}/move/" in page
    assert f"{VIEWS}{third.number}/move/" not in page


def change(client: Client, view: SavedView, slug: str = "acme") -> list[int]:
    """Statuses of everything that can be done to a view."""
    acts: dict[str, dict[str, Any]] = {"rename": {"name": "Stolen"}, "move": {"by": "1"}, "delete": {}}
    return [client.post(f"/{slug}/tickets/views/{view.number}/{act}/", data).status_code for act, data in acts.items()]


def test_nobody_changes_what_is_not_theirs(
    acme: Tenant, ada: Membership, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    shared, adas, belas = save(acme, "Shared"), save(acme, "Ada's", ada), save(acme, "Bela's", bela)
    before = views_in(acme)

    assert change(sign_in(bela), shared) == change(sign_in(bela), adas) == [404] * 3
    assert change(sign_in(ada), belas) == [404] * 3
    assert change(sign_in(cleo), shared) == change(sign_in(cleo), belas, "globex") == [404] * 3
    assert sign_in(bela).get(f"{VIEWS}{belas.number}/delete/").status_code == 405
    assert views_in(acme) == before
    assert "Ada&#x27;s" not in sign_in(bela).get(VIEWS).content.decode()


def test_admin_changes_the_workspaces(acme: Tenant, ada: Membership, sign_in: SignIn) -> None:
    admin = add_member(tenant=acme, email="dan@acme.example", name="Dan", role=Role.ADMIN)

    assert change(sign_in(admin), save(acme, "Shared")) == [302] * 3
    assert views_in(acme) == []


def test_filter_panel_offers_what_the_agent_sees(
    acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        make_inbox("support@acme.example", name="Support desk")
        make_tag("return")

    whole = sign_in(bela).get("/acme/tickets/filter/?mark=vip&tag=1").content.decode()
    alone = sign_in(bela).get("/acme/tickets/filter/?mark=vip", headers={"HX-Request": "true"}).content.decode()

    assert '<option value="vip" selected>VIP</option>' in whole
    assert 'value="1" id="filter-tag_0" checked' in whole
    assert "Support desk" in whole and "<html" in whole
    assert "<html" not in alone
    assert sign_in(cleo).get("/acme/tickets/filter/").status_code == 404
    assert "Support desk" not in sign_in(cleo).get("/globex/tickets/filter/").content.decode()
