"""Base of Celery tasks that work for one tenant."""

from typing import Any

import structlog
from celery import Task

from accounts.tenancy import tenant_scope


class TenantTask(Task):
    """Opens the tenant's scope around the task, never a transaction: the task may call the outside world."""

    abstract = True

    def __call__(self, *args: Any, tenant_id: int | None = None, **kwargs: Any) -> Any:
        if not isinstance(tenant_id, int):
            raise ValueError(f"{self.name} was called without tenant_id")
        with tenant_scope(tenant_id), structlog.contextvars.bound_contextvars(task=self.name):
            return super().__call__(*args, tenant_id=tenant_id, **kwargs)
