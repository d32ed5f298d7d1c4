"""Ids of another workspace, put into every form and query of this one, bind nothing and show nothing."""

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.db import connection
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.services.opening import add_member
from accounts.tenancy import tenant_scope
from core.database.schema import is_tenant_owned
from events.models import Event
from tests.house.source import APPS, expect_none
from tests.house.urls import pages
from tests.house.world import World, apart, fill, snapshot, tenant_tables, undone

SignIn = Callable[[Membership], Client]
MARKER = "GLOBEXONLY"
# How the marker stands in texts of the other workspace, and never in an echo of what was searched.
SHOWN = re.compile(rb"(subject|text|note|draft|answer|inbox|store) GLOBEXONLY|GLOBEXONLY\.png|globexonly@globex")
# Names that no form of ours has, or has only under another name: what somebody would try.
GUESSES = (
    "tenant tenant_id workspace id pk number customer customer_id ticket ticket_id assignee assignee_id member "
    "member_id inbox inbox_id connection connection_id contact contact_id draft draft_id message message_id file "
    "file_id linked_to merge_into selected role is_active cause event job up_to before q view"
).split()


COUNTERS = {"version", "based_on"}


@pytest.fixture
def world(ada: Membership) -> World:
    return fill(ada, "ACMEONLY")


@pytest.fixture
def foreign(world: World, globex: Tenant) -> tuple[World, int]:
    """Globex, where every thing has the same id, which stands for nothing in acme."""
    value = apart(globex)
    other = fill(add_member(tenant=globex, email="dan@globex.example", name=MARKER), MARKER)
    return other, value


def test_one_value_stands_for_every_thing_of_the_other_workspace(foreign: tuple[World, int]) -> None:
    other, value = foreign
    missing = []
    for model in apps.get_models():
        if is_tenant_owned(model):
            with tenant_scope(other.tenant):
                if not model._base_manager.filter(pk=value).exists():
                    missing.append(model._meta.label)

    assert other.member.pk == other.member.number == value
    assert {("events_event", "customer_id"), ("tickets_ticket", "assignee_id")} <= set(_ids())
    assert {model for model in missing if "Historical" not in model} <= {"accounts.NumberSequence"}


@pytest.mark.parametrize("valid", [True, False], ids=["valid choices", "nothing but ids"])
def test_foreign_ids_in_forms_bind_nothing(
    sign_in: SignIn, world: World, foreign: tuple[World, int], valid: bool
) -> None:
    other, value = foreign
    client, before, wrong = sign_in(world.member), snapshot(other.tenant), []
    data = {**dict.fromkeys(GUESSES, str(value)), **dict(_fields(str(value), valid))}

    for page in pages():
        if page.namespace and str(page) != "events:stream":
            path = f"/acme{page.url(world.ids)}"
            with undone():
                response = client.post(path, data)
                faults = [*_faults(response), *_bound(world.tenant, value)]
                wrong += [f"{path}: {what}" for what in faults]

    expect_none(wrong)
    assert snapshot(other.tenant) == before


def test_foreign_ids_in_queries_show_nothing_and_reading_changes_nothing(
    sign_in: SignIn, world: World, foreign: tuple[World, int]
) -> None:
    other, value = foreign
    client, wrong = sign_in(world.member), []
    before = snapshot(other.tenant), snapshot(world.tenant)
    guesses: dict[str, str] = {**dict(_fields(str(value), False)), **dict.fromkeys(GUESSES, str(value))}

    for page in pages():
        if page.namespace and str(page) != "events:stream":
            path = f"/acme{page.url(world.ids)}"
            for query in (guesses, {**guesses, "view": "all", "q": MARKER}, {"q": f"{MARKER.lower()}@shopper.example"}):
                # Whoever takes an exported file away stands in the audit: the one reading that leaves a trace.
                with undone() if str(page) == "customers:export_file" else nullcontext():
                    wrong += [f"{path}: {what}" for what in _faults(client.get(path, query))]

    expect_none(wrong)
    assert (snapshot(other.tenant), snapshot(world.tenant)) == before


def test_the_other_workspaces_page_shows_its_marker(sign_in: SignIn, foreign: tuple[World, int]) -> None:
    """First show that it could leak: who may see it does."""
    client = sign_in(foreign[0].member)

    for path in ("/globex/tickets/?view=all", "/globex/customers/", f"/globex/tickets/{foreign[1]}/"):
        assert MARKER in client.get(path).content.decode()


def _fields(value: str, valid: bool) -> Iterator[tuple[str, str]]:
    """(name, what to put there) of every field of every form."""
    for module in _form_modules():
        for _, form in inspect.getmembers(module, _is_form):
            for name, field in form.base_fields.items():
                choices = [key for key, _ in getattr(field, "choices", ()) if key]
                yield name, choices[0] if valid and choices else value


def _form_modules() -> Iterator[ModuleType]:
    """`<app>.forms`, and where it is a package every module in it."""
    for app in APPS:
        try:
            module = import_module(f"{app}.forms")
        except ModuleNotFoundError:
            continue
        yield module
        for found in iter_modules(getattr(module, "__path__", ())):
            yield import_module(f"{app}.forms.{found.name}")


def _is_form(thing: object) -> bool:
    return inspect.isclass(thing) and issubclass(thing, forms.BaseForm)


def _faults(response: Any) -> Iterator[str]:
    if response.status_code >= 500:
        yield f"answers {response.status_code}"
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if shown := SHOWN.search(content):
        yield f"shows {shown[0].decode()}"


def _bound(tenant: Tenant, value: int) -> Iterator[str]:
    """Columns of this workspace that hold an id of the other one."""
    with tenant_scope(tenant), connection.cursor() as cursor:
        each = (f'SELECT \'{table}.{column}\' FROM "{table}" WHERE "{column}" = {value}' for table, column in _ids())
        cursor.execute(" UNION ALL ".join(each))
        yield from (f"{name} is bound" for (name,) in cursor.fetchall())
        for event in Event.objects.filter(data__icontains=str(value)):
            names = [name for name, held in event.data.items() if held == value and name not in COUNTERS]
            yield from (f"{event.type} names it as {name}" for name in names)


@cache
def _ids() -> list[tuple[str, str]]:
    """(table, column) of whatever is called an id, with a foreign key behind it or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND column_name LIKE '%\\_id' AND column_name <> 'tenant_id' AND data_type IN ('bigint', 'integer')"
        )
        return [(table, column) for table, column in cursor.fetchall() if table in tenant_tables()]
