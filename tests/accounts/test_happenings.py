"""What admins do with people, access and settings stands in the audit, with who did it and what was before."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.happenings import Happening
from accounts.models import Membership, Team, Tenant
from accounts.tenancy import tenant_scope
from events.kinds import AUDIT_GROUPS
from events.models import Event
from events.services.witnessing import TYPES
from events.wording import say
from tests.factories.accounts import make_invitation, make_team

SignIn = Callable[[Membership], Client]


def told(tenant: Tenant) -> list[tuple[str, str, str | None, str | None]]:
    """(who, what, before, after) of all that stands in the audit, oldest first."""
    with tenant_scope(tenant):
        events = list(Event.objects.audited().order_by("pk"))
    said = [(one.actor_name, say(one.event_type, one.data)) for one in events]
    return [
        (who, what.words, what.changes[0].before, what.changes[0].after)
        if what.changes
        else (who, what.words, None, None)
        for who, what in said
    ]


def test_every_happening_becomes_an_event_of_its_name() -> None:
    assert {happening: str(TYPES[happening]) for happening in Happening} == {one: one.value for one in Happening}
    assert all(type.audit in AUDIT_GROUPS for type in TYPES.values())


def test_roles_and_ends_of_memberships(sign_in: SignIn, ada: Membership, bela: Membership) -> None:
    client, page = sign_in(ada), f"/acme/settings/members/{bela.number}"

    client.post(f"{page}/role/", {"role": "admin"})
    client.post(f"{page}/role/", {"role": "admin"})
    client.post(f"{page}/deactivate/")
    client.post(f"{page}/deactivate/")
    client.post(f"{page}/reactivate/")

    assert told(ada.tenant) == [
        ("Ada", "Role of Bela changed", "Agent", "Admin"),
        ("Ada", "Bela deactivated", None, None),
        ("Ada", "Bela let in again", None, None),
    ]


def test_invitations(sign_in: SignIn, ada: Membership) -> None:
    client = sign_in(ada)

    client.post("/acme/settings/members/invite/", {"email": "eve@acme.example", "role": "agent"})
    invitation, _ = make_invitation(ada, "fay@acme.example")
    client.post(f"/acme/settings/invitations/{invitation.pk}/resend/")
    client.post(f"/acme/settings/invitations/{invitation.pk}/revoke/")
    client.post(f"/acme/settings/invitations/{invitation.pk}/revoke/")

    assert told(ada.tenant) == [
        ("Ada", "eve@acme.example invited as Agent", None, None),
        ("Ada", "fay@acme.example invited again", None, None),
        ("Ada", "Invitation of fay@acme.example revoked", None, None),
    ]


def test_invitations_that_end_with_their_inviter(sign_in: SignIn, ada: Membership, bela: Membership) -> None:
    make_invitation(bela, "fay@acme.example")

    sign_in(ada).post(f"/acme/settings/members/{bela.number}/deactivate/")

    assert [what for _, what, _, _ in told(ada.tenant)] == [
        "Bela deactivated",
        "Invitation of fay@acme.example revoked",
    ]


def test_who_came_in_by_an_invitation(client: Client, ada: Membership) -> None:
    _, token = make_invitation(ada, "eve@acme.example", role="admin")

    client.post(f"/accounts/invitation/{token}/", {"name": "Eve", "password": "a long enough password"})

    assert told(ada.tenant) == [("Eve", "Eve joined as Admin", None, None)]


def test_who_was_let_in_by_command(acme: Tenant) -> None:
    call_command("add_member", "--workspace", "acme", "eve@acme.example", "--name", "Eve")

    assert told(acme) == [("Helpdesk", "Eve joined as Agent", None, None)]


def test_teams(sign_in: SignIn, ada: Membership, bela: Membership) -> None:
    client = sign_in(ada)

    page = client.post("/acme/settings/teams/new/", {"name": "Returns"})["Location"]
    client.post(page, {"name": "Refunds", "members": [str(ada.number), str(bela.number)]})
    client.post(page, {"name": "Refunds", "members": [str(bela.number)]})
    client.post(page, {"name": "Refunds", "members": [str(bela.number)]})
    client.post(f"{page}delete/")

    assert told(ada.tenant) == [
        ("Ada", "Team Returns created", None, None),
        ("Ada", "Team renamed", "Returns", "Refunds"),
        ("Ada", "Members of the team Refunds: added Ada, Bela, removed nothing", None, None),
        ("Ada", "Members of the team Refunds: added nothing, removed Ada", None, None),
        ("Ada", "Team Refunds deleted", None, None),
    ]


def test_team_whose_name_is_taken_tells_nothing(sign_in: SignIn, ada: Membership) -> None:
    with tenant_scope(ada.tenant):
        make_team("Returns")
        other = make_team("Shipping")

    sign_in(ada).post("/acme/settings/teams/new/", {"name": "Returns"})
    sign_in(ada).post(f"/acme/settings/teams/{other.number}/", {"name": "Returns", "members": [str(ada.number)]})

    assert told(ada.tenant) == []


def test_name_of_the_workspace_and_its_settings(sign_in: SignIn, ada: Membership) -> None:
    client = sign_in(ada)

    client.post("/acme/settings/name/", {"name": "Acme & sons"})
    client.post("/acme/settings/name/", {"name": "Acme & sons"})
    _save_settings(client, {"hours.zone": "Europe/Lisbon", "hours.sunday": "closed"})
    _save_settings(client, {"hours.zone": "Europe/Lisbon", "hours.sunday": "closed"})

    assert told(ada.tenant) == [
        ("Ada", "Workspace renamed", "Acme", "Acme & sons"),
        ("Ada", "Business hours: Time zone of the shop", "UTC", "Europe/Lisbon"),
        ("Ada", "Business hours: Sunday", "00:00-24:00", "closed"),
    ]


@pytest.mark.parametrize("days", [-1, 1])
def test_invitation_that_does_not_hold_tells_nothing(client: Client, ada: Membership, days: int) -> None:
    token = (
        "x" if days > 0 else make_invitation(ada, "e@acme.example", expires_at=timezone.now() - timedelta(days=1))[1]
    )

    client.post(f"/accounts/invitation/{token}/", {"name": "Eve", "password": "a long enough password"})

    assert told(ada.tenant) == []


def test_page_shows_them(sign_in: SignIn, ada: Membership) -> None:
    client = sign_in(ada)
    client.post("/acme/settings/teams/new/", {"name": "<b>"})

    content = client.get("/acme/settings/audit/?group=access").content.decode()

    with tenant_scope(ada.tenant):
        team = Team.objects.get()
    assert "Team &lt;b&gt; created" in content
    assert f'href="/acme/settings/teams/{team.number}/"' in content


def _save_settings(client: Client, wanted: dict[str, str]) -> Any:
    """As a browser would: every field of the page, with what is wanted put in."""
    sections = client.get("/acme/settings/").context["sections"]
    fields = {
        name: form.get_initial_for_field(field, name) for _, form in sections for name, field in form.fields.items()
    }
    held = {name: "on" if value is True else value for name, value in fields.items() if value not in (False, None)}
    return client.post("/acme/settings/", {**held, **wanted})
