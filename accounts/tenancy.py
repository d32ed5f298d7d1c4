"""The walls between tenants: the active tenant, and models that cannot be queried without one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import connection, models

from core.database import rows
from core.database.fields import TenantKey
from core.database.queries import Query
from core.database.session import active_tenant

if TYPE_CHECKING:
    from accounts.models import Tenant

M = TypeVar("M", bound=models.Model, covariant=True)


class NoActiveTenant(RuntimeError):
    """A tenant-owned table was used outside tenant_scope()."""


@contextmanager
def tenant_scope(tenant: Tenant | int) -> Iterator[None]:
    """Make one tenant active for the block, in Python and in the open transaction, if there is one.

    Scopes nest; the former tenant is active again afterwards.
    """
    token = active_tenant.set(str(tenant if isinstance(tenant, int) else tenant.pk))
    _tell_open_transaction()
    try:
        yield
    finally:
        active_tenant.reset(token)
        _tell_open_transaction()


def _tell_open_transaction() -> None:
    wrapper: Any = connection
    if wrapper.can_tell_tenant():
        wrapper.tell_tenant()


def active_tenant_id() -> int:
    """The active tenant's id. Raises NoActiveTenant."""
    if not (text := active_tenant.get()):
        raise NoActiveTenant("open tenant_scope() first")
    return int(text)


def has_active_tenant() -> bool:
    """Whether a tenant_scope() is open."""
    return bool(active_tenant.get())


class TenantQuerySet(models.QuerySet[M]):
    """Base of the querysets of tenant-owned models."""

    def locked(self, row: models.Model) -> M:
        """The same row, read again and locked until the transaction ends.

        Without the key: rows that point at this one may still be inserted, which would otherwise wait for us and,
        holding what we want next, deadlock.
        """
        return self.select_for_update(of=("self",), no_key=True).get(pk=row.pk)


class TenantManager(models.Manager[M]):
    """Refuses every query without an active tenant, and narrows every query to it.

    Raising here closes each method by construction, `exists()` and `explain()` included.
    """

    def get_queryset(self) -> models.QuerySet[M]:
        if not active_tenant.get():
            raise NoActiveTenant(self.model._meta.label)
        return super().get_queryset().filter(tenant_id=int(active_tenant.get()))

    def locked(self, row: models.Model) -> M:
        """The same row, read again and locked until the transaction ends, as `TenantQuerySet.locked` does it."""
        if not active_tenant.get():
            raise NoActiveTenant(self.model._meta.label)
        found = _locking(self.model).first(row.pk)
        if found is None:
            raise self.model.DoesNotExist  # type: ignore[attr-defined]  # every model has it
        return cast("M", found)


@cache
def _locking(model: type[models.Model]) -> Query[Any]:
    def one(pk: int) -> models.QuerySet[Any]:
        return model._default_manager.filter(pk=pk).select_for_update(of=("self",), no_key=True)

    return Query(one)


class TenantModel(models.Model):
    """A row that belongs to exactly one tenant; created inside a scope, it takes the scope's tenant."""

    tenant = TenantKey("accounts.Tenant", on_delete=models.CASCADE, related_name="+", default=active_tenant_id)

    objects: Any = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        abstract = True

    def save(
        self,
        *,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """As ever; by a statement that is at hand where the row is plain and it is said what is to happen."""
        is_new = self.pk is None and self._state.adding and update_fields is None
        is_known = bool(update_fields) and self.pk is not None and not force_insert
        is_quick = using in (None, "default") and (is_new or is_known) and not force_update
        if not (is_quick and rows.is_plain(type(self)) and rows.has_only_values(self)):
            super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields)
            return
        self._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]  # Django's own check
        rows.save(self, update_fields)
