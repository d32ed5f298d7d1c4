"""Every button of the product leaves a trace in the audit, or says here why not (B17)."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership
from accounts.tenancy import tenant_scope
from channels.services import connecting, transporting
from customers.models import Contact, Customer, CustomerContact, TimelineNote
from customers.services.suggesting.dismissing import dismiss, pair_of
from events.kinds import AUDIT_GROUPS
from events.models import Event
from events.wording import say
from tests.house.source import ROOT, expect_none
from tests.house.test_events import product_types
from tests.house.urls import Page, pages
from tests.house.world import World, fill, undone
from tickets.models import CannedReply, SavedView

SignIn = Callable[[Membership], Client]

PAIR = ("number", "other_number")
# What is posted where.
POSTS: Mapping[str, Mapping[str, Any]] = {
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
    "accounts:sign_out_everywhere": {},
    "channels:block_sender": {},
    "customers:contact_remove": {},
    "customers:contact_share": {},
    "customers:contact_unshare": {},
    "customers:contact_verify": {},
    "customers:contact_works": {},
    "customers:delete": {},
    "customers:dismiss": {"why": "Twins"},
    "customers:export_drop": {},
    "customers:gather": {},
    "customers:new": {"first_name": "Eve"},
    "customers:note_settle": {"choice": "theirs", "version": "1"},
    "customers:restore": {},
    "customers:suggest_again": {},
    "customers:timeline_note_delete": {},
    "customers:timeline_note_restore": {},
    "customers:timeline_notes": {"html": "<div>Called</div>", "text": "Called"},
    "tickets:canned_reply": {"title": "Another title", "html": "<div>Hello</div>", "for_all": "on"},
    "tickets:canned_reply_delete": {},
    "tickets:canned_reply_new": {"title": "Hello", "html": "<div>Hello</div>", "for_all": "on"},
    "tickets:delete_view": {},
    "tickets:new_view": {"name": "Ours", "shared": "on"},
    "tickets:rename_view": {"name": "Another name"},
}
# What takes more than one form to be done has a test of its own, found by its name in that file.
WORK = "tests/events/test_audited_work.py"
PROVED: Mapping[str, tuple[str, str]] = {
    "channels:accept": (WORK, "test_mail_that_was_let_in"),
    "channels:block_author": (WORK, "test_sender_who_is_blocked_from_a_ticket"),
    "customers:bulk": (WORK, "test_bulk_edits_and_their_undoing"),
    "customers:bulk_undo": (WORK, "test_bulk_edits_and_their_undoing"),
    "customers:edit": (WORK, "test_value_that_was_restored"),
    "customers:erase": ("tests/customers/services/test_erasing.py", "test_events_say_who_erased_and_nothing_of_whom"),
    "customers:export": (WORK, "test_export_from_its_beginning_to_its_end"),
    "customers:history_restore": (WORK, "test_value_that_was_restored"),
    "customers:import_go_on": (WORK, "test_import_and_its_undoing"),
    "customers:import_undo": (WORK, "test_import_and_its_undoing"),
    "customers:import_work": (WORK, "test_import_and_its_undoing"),
    "customers:merge": ("tests/customers/views/test_merging.py", "test_audit_says_who_merged_and_who_split"),
    "customers:unmerge": ("tests/customers/views/test_merging.py", "test_audit_says_who_merged_and_who_split"),
    "customers:move_field": (WORK, "test_custom_field_before_and_after"),
    "customers:note": (WORK, "test_notes"),
    "customers:note_restore": (WORK, "test_notes"),
    "integrations:set_order_fields": (
        "tests/integrations/views/test_setting_fields.py",
        "test_audit_says_which_order_and_which_fields",
    ),
    "tickets:bulk": (WORK, "test_bulk_edits_and_their_undoing"),
    "tickets:bulk_undo": (WORK, "test_bulk_edits_and_their_undoing"),
    "tickets:merge": (WORK, "test_tickets_merged_and_taken_apart"),
    "tickets:set_customer": (WORK, "test_ticket_of_another_customer"),
    "tickets:split": (WORK, "test_tickets_merged_and_taken_apart"),
    "tickets:unmerge": (WORK, "test_tickets_merged_and_taken_apart"),
}
TIMELINE = "stands on the ticket's own timeline, with who did it"
OWN = "the member's own, which nobody else sees"
NOTHING = "changes nothing of the workspace's"
REASONS: Mapping[str, str] = {
    "accounts:profile": OWN,
    "channels:read_calls_again": "changes no setting: what was stored is read once more",
    "customers:bulk_dismiss": OWN,
    "customers:card_more": OWN,
    "customers:choose_fields": OWN,
    "customers:columns": OWN,
    "customers:compare": "changes no customer: a worker looks for possible duplicates",
    "customers:edit_address": NOTHING,
    "customers:edit_legal": NOTHING,
    "customers:import_forget": "a file that nothing was made of",
    "customers:import_writing": "how a file is read that nothing was made of yet",
    "customers:imports": "nothing is made of the file yet",
    "customers:note_editing": NOTHING,
    "events:notice_open": OWN,
    "events:notices_read": OWN,
    "integrations:check": "asks the store whether it answers",
    "tickets:assign": TIMELINE,
    "tickets:bulk_dismiss": OWN,
    "tickets:close": TIMELINE,
    "tickets:draft": OWN,
    "tickets:draft_discard": OWN,
    "tickets:draft_discard_new": OWN,
    "tickets:draft_file": OWN,
    "tickets:draft_file_new": OWN,
    "tickets:draft_file_remove": OWN,
    "tickets:draft_file_remove_new": OWN,
    "tickets:draft_new": OWN,
    "tickets:draft_restore": OWN,
    "tickets:draft_restore_new": OWN,
    "tickets:label": TIMELINE,
    "tickets:move_view": "the order in which views are shown",
    "tickets:new": TIMELINE,
    "tickets:note": TIMELINE,
    "tickets:people": NOTHING,
    "tickets:prioritize": TIMELINE,
    "tickets:rename": TIMELINE,
    "tickets:reopen": TIMELINE,
    "tickets:reply": TIMELINE,
    "tickets:retry": TIMELINE,
    "tickets:set_fields": TIMELINE,
    "tickets:sidebar_opened": NOTHING,
    "tickets:snooze": TIMELINE,
    "tickets:tag": TIMELINE,
    "tickets:unassign_member": TIMELINE,
    "tickets:withdraw": TIMELINE,
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
    """The pages of a workspace that take a POST."""
    found = []
    for page in pages():
        if page.namespace:
            with undone():
                client.force_login(world.member.user)  # anew: one of the buttons ends all sessions
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
    with tenant_scope(world.tenant):
        CannedReply.objects.update(member=None)
        SavedView.objects.update(member=None)
        match str(page):
            case "customers:restore":
                Customer.objects.update(deleted_at=timezone.now())
            case "customers:timeline_note_restore":
                TimelineNote.objects.update(deleted_at=timezone.now())
            case "customers:suggest_again":
                one, other = (Customer.objects.get(number=world.ids["customers", name]) for name in PAIR)
                dismiss(pair=pair_of(one, other), actor=world.member.as_actor(), at=timezone.now())
            case "customers:contact_verify":
                CustomerContact.objects.update(verified_at=None)
            case "customers:contact_unshare":
                Contact.objects.update(is_shared=True)
            case "customers:contact_works":
                Contact.objects.update(bounced_at=timezone.now())


def test_every_button_is_known(client: Client, world: World) -> None:
    found = {str(page) for page in buttons(client, world)}

    said = [*POSTS, *PROVED, *REASONS]
    expect_none(sorted(found - set(said)), "say in POSTS what to post there, or in REASONS why not")
    expect_none(sorted(set(said) - found), "no such button")
    expect_none(sorted(one for one in said if said.count(one) > 1), "said twice")


def test_every_button_is_audited(client: Client, world: World) -> None:
    silent = []
    for page in pages():
        if str(page) in POSTS:
            with undone():
                client.force_login(world.member.user)
                prepare(page, world)
                before = newest(world)
                response: Any = client.post(f"/acme{page.url(world.ids)}{_query(page)}", dict(POSTS[str(page)]))
                if not told(world, before):
                    silent.append(f"{page} answers {response.status_code}")

    expect_none(silent, "nothing of it stands in the audit")


@pytest.mark.parametrize("page", PROVED)
def test_proofs_are_there(page: str) -> None:
    path, name = PROVED[page]

    assert f"def {name}" in (ROOT / path).read_text()


def test_audited_types_have_a_heading_and_words() -> None:
    audited = [one for one in product_types() if one.audit]

    assert {one.audit for one in audited} == set(AUDIT_GROUPS)
    expect_none([one.name for one in audited if not say(one, {}).words.strip()])
    expect_none([one.name for one in product_types() if one.told and not one.audit], "nobody reads its words")


def _query(page: Page) -> str:
    return "?by=smtp" if str(page) == "channels:transport" else ""
