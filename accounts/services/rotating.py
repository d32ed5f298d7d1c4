"""Encrypt stored secrets again with the newest key."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from accounts.happenings import Happening, tell
from accounts.kinds import SYSTEM
from accounts.models import Tenant, WorkspaceSetting
from accounts.settings_registry import all_settings
from accounts.tenancy import tenant_scope
from core import crypto
from core.database.fields import EncryptedTextField

BATCH = 200  # rows locked at a time


@dataclass(frozen=True)
class Rotated:
    """How many values were encrypted again, and which rows have a value that no key opens."""

    changed: int
    unreadable: tuple[str, ...]

    def __add__(self, other: "Rotated") -> "Rotated":
        return Rotated(self.changed + other.changed, self.unreadable + other.unreadable)


def rotate_tenant(*, tenant_id: int) -> Rotated:
    """Every encrypted column of one workspace. What has the newest key already is left alone, so a run that was
    stopped goes on where it was when it is started again."""
    total = Rotated(0, ())
    for model, names in encrypted_columns():
        last = 0
        while last >= 0:
            with transaction.atomic(), tenant_scope(tenant_id):
                rotated, last = _rotate_batch(model, names, last)
            total += rotated
    with transaction.atomic(), tenant_scope(tenant_id):
        total += _rotate_settings()
    if total.changed:
        with transaction.atomic(), tenant_scope(tenant_id):
            tenant = Tenant.objects.get(pk=tenant_id)
            tell(Happening.KEYS_ROTATED, subject=tenant, actor=SYSTEM, data={"secrets": total.changed})
    return total


def _rotate_settings() -> Rotated:
    """Settings are kept in one column; which of them are secrets, their registry says."""
    total = Rotated(0, ())
    keys = [setting.key for setting in all_settings() if setting.is_secret]
    for row in WorkspaceSetting.objects.filter(key__in=keys).order_by("pk").select_for_update():
        if not row.value or crypto.has_newest_key(row.value):
            continue
        try:
            row.value = crypto.encrypt(crypto.decrypt(row.value))
        except crypto.Undecryptable:
            total += Rotated(0, (f"{row._meta.label} {row.pk}",))
            continue
        row.save(update_fields=["value"])
        total += Rotated(1, ())
    return total


def encrypted_columns() -> Iterator[tuple[type[models.Model], tuple[str, ...]]]:
    """Models that keep secrets, and the names of the columns: found, so that no new one is forgotten."""
    for model in apps.get_models():
        names = tuple(field.name for field in model._meta.local_fields if isinstance(field, EncryptedTextField))
        if names:
            yield model, names


def _rotate_batch(model: type[models.Model], names: tuple[str, ...], after: int) -> tuple[Rotated, int]:
    """One batch of rows after a primary key; also the last key seen, -1 when there are no more."""
    raw = {f"raw_{name}": Cast(name, TextField()) for name in names}
    rows = model._default_manager.filter(pk__gt=after).order_by("pk").select_for_update()
    batch = list(rows.annotate(**raw).values("pk", *raw)[:BATCH])
    total = Rotated(0, ())
    for row in batch:
        total += _rotate_row(model, row["pk"], {name: row[f"raw_{name}"] for name in names})
    return total, batch[-1]["pk"] if len(batch) == BATCH else -1


def _rotate_row(model: type[models.Model], pk: int, tokens: dict[str, str]) -> Rotated:
    stale = {name: token for name, token in tokens.items() if token and not crypto.has_newest_key(token)}
    if not stale:
        return Rotated(0, ())
    try:
        texts = {name: crypto.decrypt(token) for name, token in stale.items()}
    except crypto.Undecryptable:
        return Rotated(0, (f"{model._meta.label} {pk}",))
    model._default_manager.filter(pk=pk).update(**texts)  # the field encrypts what it is given
    return Rotated(len(texts), ())
