"""Models: keys between apps look down only, and stand on our manager."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from accounts.tenancy import TenantManager
from core.database.schema import has_tenant, is_tenant_owned
from tests.house.source import APPS, expect_none


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in APPS]


def test_keys_between_apps_cannot_be_followed_backwards() -> None:
    open_ways = [
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.app_label != model._meta.app_label
        and not field.remote_field.hidden
    ]

    expect_none(open_ways, 'add related_name="+"')


def test_models_of_a_workspace_cannot_be_read_without_one() -> None:
    wrong = [
        model._meta.label
        for model in ours()
        if is_tenant_owned(model)
        and not hasattr(model, "history_object")
        and not isinstance(model._default_manager, TenantManager)
    ]

    expect_none(wrong)


def test_unguarded_models_with_a_tenant_are_the_listed_ones() -> None:
    unguarded = {model._meta.label for model in ours() if has_tenant(model) and not is_tenant_owned(model)}

    assert unguarded == {"accounts.Invitation", "accounts.Membership", "accounts.Route", "events.Reaction"}


def test_models_have_no_order_of_their_own() -> None:
    ordered = [m._meta.label for m in ours() if m._meta.ordering and not hasattr(m, "history_object")]

    expect_none(ordered, "ask for the order where it is needed")


def test_migrations_are_what_the_models_say(db: None) -> None:
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, skip_checks=True)
    except SystemExit:
        pytest.fail(out.getvalue())
