"""Every column that can hold what is known of a customer is known to erasing, or listed with the reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from core.database.schema import is_tenant_owned
from customers.knowledge import all_held
from tests.house.source import APPS, expect_none

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)

# Whole tables that say nothing of customers.
OF_THE_WORKSPACE = {
    "accounts.MemberPreference": "what a member chose for their own pages: codes and numbers",
    "accounts.NumberSequence": "names of kinds",
    "accounts.Team": "of the members",
    "accounts.WorkspaceSetting": "of the admins",
    "channels.MailAccount": "the workspace's own mailbox",
    "channels.MailKey": "digests and Message-IDs, so that no mail is taken twice",
    "channels.MailTransport": "the workspace's own way out",
    "channels.ProviderHook": "the workspace's own account",
    "customers.ComparisonBasis": "counts",
    "customers.CustomField": "what admins call their fields",
    "customers.FieldOption": "what admins call the choices",
    "customers.ValueCount": "counts of numbers made of values",
    "events.Notification": "of a member, about an event",
    "events.NotificationPreference": "of a member",
    "files.StoredFile": "goes whole, with the rows that point to it",
    "integrations.Connection": "the workspace's own shop",
    "tickets.CannedReply": "texts for everybody",
    "tickets.DraftFile": "goes with its draft",
    "tickets.Inbox": "the workspace's own address",
    "tickets.Signature": "of a member",
    "tickets.Tag": "words for everybody's tickets",
}
# Columns of tables that also hold other things.
OF_NOBODY = {
    "channels.ProviderCall": {"headers": "goes with the row", "reason": "goes with the row"},
    "channels.RawMail": {"kind": "a code"},
    "customers.CustomerExport": {
        "query": "emptied where it names one of their addresses: services.erasing",
        "columns": "codes of columns",
    },
    "customers.CustomerImport": {
        "name": "what an admin called the file",
        "dialect": "how the file is written",
        "mapping": "headings of the file",
    },
    "customers.Merge": {
        "author_name": "of a member",
        "counts": "names of tables",
        "undone_by": "of a member",
    },
    "events.Event": {
        "type": "a code",
        "audit_group": "a code",
        "subject_kind": "a code",
        "data": "its personal keys are emptied: events.services.shredding",
    },
    "integrations.InboundWebhook": {
        "webhook_id": "the store's number for the call",
        "topic": "a code",
        "headers": "emptied by integrations.services.knowing",
        "body": "emptied by integrations.services.knowing",
        "outcome": "a sentence of ours",
    },
    "jobs.Job": {
        "kind": "a code",
        "cursor": "ids and what an admin chose",
        "report": "what undoing would put back is taken out: services.erasing",
    },
    "tickets.SavedView": {
        "name": "what an agent called it",
        "query": "emptied where it names one of their addresses: tickets.services.knowing",
    },
}


def texts_of(model: type[models.Model]) -> Iterator[str]:
    """Columns of text that people, machines and strangers fill; one of a few codes says nothing of anybody."""
    for field in model._meta.concrete_fields:
        if isinstance(field, TEXTS) and not field.choices:
            yield field.name


def erased_columns() -> dict[str, set[str]]:
    """By model: columns that erasing empties, or all of them where the row goes."""
    found: dict[str, set[str]] = {}
    for held in all_held():
        if held.is_erased:
            columns = set(texts_of(held.model)) if held.blank is None else set(held.blank)
            found.setdefault(held.model._meta.label, set()).update(columns)
    return found


def owned() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in APPS and is_tenant_owned(model)]


def test_every_text_is_erased_or_listed() -> None:
    erased, unknown = erased_columns(), []
    for model in owned():
        label = model._meta.label
        if label not in OF_THE_WORKSPACE:
            known = erased.get(label, set()) | set(OF_NOBODY.get(label, ()))
            unknown += [f"{label}.{name}" for name in texts_of(model) if name not in known]

    expect_none(unknown, "declare it in the app's services/knowing.py, or list it here and say why it holds nobody")


def test_every_row_about_a_customer_is_declared() -> None:
    declared = {held.model for held in all_held()}
    missing = [
        model._meta.label
        for model in owned()
        if model not in declared and any(_is_of_customer(field) for field in model._meta.concrete_fields)
    ]

    expect_none(missing)


def test_listed_tables_and_columns_exist() -> None:
    labels = {model._meta.label: model for model in owned()}
    gone = [label for label in (*OF_THE_WORKSPACE, *OF_NOBODY) if label not in labels]
    gone += [
        f"{label}.{name}"
        for label, columns in OF_NOBODY.items()
        if label in labels
        for name in columns
        if name not in set(texts_of(labels[label]))
    ]

    expect_none(gone)


def test_what_is_blanked_are_columns() -> None:
    wrong = [
        f"{held.model._meta.label}.{name}"
        for held in all_held()
        for name in held.blank or {}
        if name not in {field.name for field in held.model._meta.concrete_fields}
    ]

    expect_none(wrong)


def _is_of_customer(field: Any) -> bool:
    related = field.related_model
    return related is not None and related._meta.label == "customers.Customer"
