"""Every URL, hot doors included: closed to strangers and to members of other workspaces."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.kinds import RESERVED_SLUGS
from accounts.models import Membership
from helpdesk import asgi
from integrations.registry import KINDS
from tests.asgi import opened
from tests.house.source import expect_none
from tests.house.urls import pages
from tests.house.world import World, fill, snapshot, undone

SignIn = Callable[[Membership], Client]
PUBLIC = {
    "account_invitation",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "healthz",
    "mail_hook_inbound",
    "mail_hook_reports",
    "mail_provider",
    "mail_unsubscribe",
    "readyz",
}
# Answered outside any workspace to whoever is signed in.
OF_THE_PERSON = {"account_change_password", "accounts:home", "accounts:workspaces"}
# About customers and senders, which are the whole workspace's, not an inbox's.
OF_THE_WORKSPACE = {
    *("tickets:customer_work", "tickets:customer_totals", "channels:unblock"),
    *("tickets:customer_letters", "tickets:customer_files", "tickets:customer_chats"),
    *("tickets:sidebar_customer", "tickets:sidebar_opened", "tickets:find_other"),
}
# Of the stores, what every agent may see: customers are the whole workspace's.
FOR_AGENTS = {"integrations:customer_orders", "integrations:order_fields", "integrations:set_order_fields"}
LINK = {("", "uidb36"): "1", ("", "key"): "x", ("", "provider"): "mailgun", ("", "token"): "x"}
# Shows everybody the same picture; tests/channels/test_doors.py asks what else it does.
PICTURE_DOOR = "/public/mail/open/"
# Pages of admins, beside the stores.
FOR_ADMINS = re.compile(
    r"/settings/(?:(?:members|invitations|teams|inboxes|fields|name|audit)/|$)|/customers/(?:exports?|\d+/(?:export|erase|merged/\d+))/"
)


@pytest.fixture
def world(ada: Membership) -> World:
    return fill(ada, "ACMEONLY")


def test_world_has_a_row_in_every_table_of_a_workspace(world: World) -> None:
    empty = [table for table, digest in snapshot(world.tenant).items() if digest is None]

    expect_none(empty, f"teach tests/house/world.py to make rows of {empty}")


def test_every_part_of_a_path_is_known(world: World) -> None:
    known = world.ids | LINK
    unknown = [(str(page), part) for page in pages() for part in page.parts if (page.namespace, part) not in known]

    expect_none(unknown, f"teach tests/house/world.py which id stands there: {unknown}")


def test_walk_would_find_what_is_open(sign_in: SignIn, world: World) -> None:
    """First show that it could leak: with the same ids the owner is let in."""
    client, closed = sign_in(world.member), []
    for page in pages():
        if page.namespace and page.parts:
            with undone():
                statuses = _statuses(client, f"/acme{page.url(world.ids)}")
            if all(status in (403, 404, 405) or status >= 500 for status in statuses):
                closed.append(f"{page} {statuses}")

    expect_none(closed, f"the owner is not let in: {closed}")


def test_members_of_other_workspaces_find_nothing(sign_in: SignIn, world: World, cleo: Membership) -> None:
    client, before, opened_up = sign_in(cleo), snapshot(world.tenant), []
    for page in pages():
        path = page.url(world.ids | LINK)
        if set(_statuses(client, f"/acme{path}")) != {404}:
            opened_up.append(f"/acme{path}")
        if page.namespace and page.parts and not set(_statuses(client, f"/globex{path}")) <= {404, 405}:
            opened_up.append(f"/globex{path}")

    expect_none(opened_up)
    assert snapshot(world.tenant) == before


def test_strangers_are_sent_to_sign_in(client: Client, world: World) -> None:
    before, opened_up = snapshot(world.tenant), []
    for page in pages():
        path = f"/acme{page.url(world.ids | LINK)}"
        for response in _answers(client, path):
            if response.status_code != 302 or not response["Location"].startswith("/accounts/login/"):
                opened_up.append(path)

    expect_none(opened_up)
    assert snapshot(world.tenant) == before


def test_outside_a_workspace_only_the_listed_pages_answer(sign_in: SignIn, world: World, client: Client) -> None:
    wrong = []
    for page in pages():
        path = page.url(world.ids | LINK)
        strangers = set(_statuses(client, path))
        if str(page) not in PUBLIC and not strangers <= {302, 404, 405}:
            wrong.append(f"{path} to strangers: {strangers}")
        members = set(_statuses(sign_in(world.member), path))
        if str(page) not in PUBLIC | OF_THE_PERSON and not members <= {404, 405}:
            wrong.append(f"{path} to members: {members}")

    expect_none(wrong)
    assert not (PUBLIC | OF_THE_PERSON) - {str(page) for page in pages()}


def test_agents_do_not_find_tickets_of_inboxes_they_are_not_in(sign_in: SignIn, world: World, bela: Membership) -> None:
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
    client, opened_up = sign_in(bela), []
    for page in pages():
        if page.namespace in {"tickets", "channels"} and page.parts and str(page) not in OF_THE_WORKSPACE:
            path = f"/acme{page.url(world.ids)}"
            if not set(_statuses(client, path)) <= {404, 405}:
                opened_up.append(path)

    expect_none(opened_up)


def test_pages_of_admins_do_not_exist_for_agents(sign_in: SignIn, world: World, bela: Membership) -> None:
    client, opened_up = sign_in(bela), []
    for page in pages():
        path = page.url(world.ids | LINK)
        is_of_stores = page.namespace == "integrations" and str(page) not in FOR_AGENTS
        is_for_admins = is_of_stores or FOR_ADMINS.match(path)
        if is_for_admins and not set(_statuses(client, f"/acme{path}")) <= {404, 405}:
            opened_up.append(path)

    expect_none(opened_up)


@pytest.mark.parametrize("door", sorted(set(asgi.HOT_DOORS) - {PICTURE_DOOR}))
def test_hot_doors_are_closed(door: str) -> None:
    async def ask(method: str, path: str) -> int:
        async with opened(asgi.application, path, method=method) as exchange:
            await exchange.ended.wait()
        return exchange.status

    async def scenario() -> dict[str, int]:
        paths = [door, f"{door}nobody/", *(f"{door}{kind}/" for kind in KINDS), f"{door}../acme/tickets/"]
        return {f"{method} {path}": await ask(method, path) for path in paths for method in ("GET", "POST", "PUT")}

    found = asyncio.run(scenario())
    assert {path: status for path, status in found.items() if status not in (401, 404, 405)} == {}


def test_hot_doors_stand_at_reserved_segments() -> None:
    assert {door.strip("/").split("/")[0] for door in asgi.HOT_DOORS} <= RESERVED_SLUGS


def test_first_segments_of_public_pages_are_reserved() -> None:
    urls = [page.url(LINK) for page in pages() if str(page) in PUBLIC]
    assert {url.strip("/").split("/")[0] for url in urls} <= RESERVED_SLUGS


def _statuses(client: Client, path: str) -> list[int]:
    return [response.status_code for response in _answers(client, path)]


def _answers(client: Client, path: str) -> list[Any]:
    answers: list[Any] = []
    for ask in (client.get, client.post):
        response: Any = ask(path)
        if response.streaming:
            list(response.streaming_content)  # a file: read to its end, it closes itself
        answers.append(response)
    return answers
