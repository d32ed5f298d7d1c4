"""Every button of a settings page leaves a trace in the audit, or says here why not (B17)."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership
from accounts.tenancy import tenant_scope
from channels.services import connecting, transporting
from events.kinds import AUDIT_GROUPS
from events.models import Event
from events.wording import say
from tests.house.source import expect_none
from tests.house.test_events import product_types
from tests.house.urls import Page, pages
from tests.house.world import World, fill, undone

SignIn = Callable[[Membership], Client]
SETTINGS = re.compile(r"/(?:settings|stores|blocked|tags)/")

# What is posted where.
POSTS: Mapping[str, Mapping[str, str]] = {
    "accounts:settings": {"hours.zone": "Europe/Lisbon"},
    "accounts:rename": {"name": "Another name"},
    "accounts:invite": {"email": "eve@acme.example", "role": "agent"},
    "accounts:change_role": {"role": "admin"},
    "accounts:deactivate": {},
    "accounts:reactivate": {},
    "accounts:resend_invitation": {},
    "accounts:revoke_invitation": {},
    "accounts:create_team": {"name": "Another team"},
    "accounts:team": {"name": "Another name"},
    "accounts:delete_team": {},
    "channels:block": {"address": "pest@spam.example"},
    "channels:unblock": {},
    "channels:mailbox": {
        "host": "imap.example",
        "port": "993",
        "security": "tls",
        "user": "support",
        "secret": "s",
        "folder": "INBOX",
    },
    "channels:disconnect_mailbox": {},
    "channels:transport": {"host": "smtp.example", "port": "587", "security": "starttls", "user": "u", "secret": "s"},
    "channels:reset_transport": {},
    "channels:hook": {"provider": "mailgun"},
    "channels:renew_hook": {},
    "channels:shut_hook": {},
    "customers:new_field": {"name": "Size", "kind": "string"},
    "customers:field": {"name": "Another name"},
    "customers:field_options": {"do": "save", "added": "Second"},
    "customers:switch_field": {},
    "events:export_audit": {},
    "integrations:note_sync": {"sync_notes": ""},
    "integrations:choose": {"choice": "ours"},
    "tickets:new_inbox": {"name": "Sales", "address": "sales@acme.example"},
    "tickets:inbox": {"name": "Another name", "address": "another@acme.example"},
    "tickets:member_access": {"sees_all": "no"},
    "tickets:admit": {},
    "tickets:exclude": {},
    "tickets:tags": {"name": "Another tag"},
    "tickets:tag_edit": {"name": "Another name", "color": "1"},
    "tickets:tag_delete": {},
}
REASONS: Mapping[str, str] = {
    "channels:read_calls_again": "changes no setting: what was stored is read once more",
    "customers:move_field": "the order in which fields are shown",
    "integrations:check": "asks the store whether it answers",
    "tickets:canned_reply": "words for agents to insert; what is sent stands on its ticket",
    "tickets:canned_reply_new": "words for agents to insert",
    "tickets:canned_reply_delete": "words for agents to insert",
    "tickets:unassign_member": "stands on each ticket's own timeline",
}


@pytest.fixture
def world(ada: Membership) -> World:
    return fill(ada, "ACMEONLY")


@pytest.fixture
def client(sign_in: SignIn, ada: Membership, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The owner's browser; no mail server is asked."""
    monkeypatch.setattr(connecting, "check_mailbox", lambda **_: None)
    monkeypatch.setattr(transporting, "check_transport", lambda **_: "It answers.")
    return sign_in(ada)


def buttons(client: Client, world: World) -> list[Page]:
    """The settings pages that take a POST."""
    found = []
    for page in pages():
        if page.namespace and SETTINGS.match(page.url(world.ids)):
            with undone():
                if client.post(f"/acme{page.url(world.ids)}").status_code != 405:
                    found.append(page)
    return found


def newest(world: World) -> int:
    with tenant_scope(world.tenant):
        return Event.objects.audited().order_by("-pk").values_list("pk", flat=True).first() or 0


def told(world: World, after: int) -> list[str]:
    """What the owner did since, as the audit says it."""
    with tenant_scope(world.tenant):
        events = Event.objects.audited().filter(pk__gt=after, actor_kind="agent", actor_id=world.member.pk)
        return [say(one.event_type, one.data).words for one in events]


def prepare(page: Page, world: World) -> None:
    """Have something there to change."""
    member = Membership.objects.of_tenant(world.tenant.pk).get(number=world.ids["accounts", "member_number"])
    if str(page) == "accounts:reactivate":
        member.mark_inactive()
    if str(page) == "tickets:admit":
        member.mark_inboxes(sees_all=False)


def test_every_button_of_the_settings_is_known(client: Client, world: World) -> None:
    found = {str(page) for page in buttons(client, world)}

    expect_none(sorted(found - set(POSTS) - set(REASONS)), "say in POSTS what to post there, or in REASONS why not")
    expect_none(sorted((set(POSTS) | set(REASONS)) - found), "no such button")


def test_every_button_of_the_settings_is_audited(client: Client, world: World) -> None:
    silent = []
    for page in pages():
        if str(page) in POSTS:
            with undone():
                prepare(page, world)
                before = newest(world)
                response: Any = client.post(f"/acme{page.url(world.ids)}{_query(page)}", dict(POSTS[str(page)]))
                if not told(world, before):
                    silent.append(f"{page} answers {response.status_code}")

    expect_none(silent, "nothing of it stands in the audit")


def test_audited_types_have_a_heading_and_words() -> None:
    audited = [one for one in product_types() if one.audit]

    assert {one.audit for one in audited} == set(AUDIT_GROUPS)
    expect_none([one.name for one in audited if not say(one, {}).words.strip()])
    expect_none([one.name for one in product_types() if one.told and not one.audit], "nobody reads its words")


def _query(page: Page) -> str:
    return "?by=smtp" if str(page) == "channels:transport" else ""
