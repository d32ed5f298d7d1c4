"""A thin PostgreSQL backend: tells every transaction its tenant, and builds tenant-safe tables."""

from typing import Any

from django.db.backends.postgresql import base

from core.database.schema import TenantSchemaEditor
from core.database.session import SET_TENANT, active_tenant


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, with `app.tenant` set for the length of each transaction and never longer.

    A session-level value would travel with the pooled connection to its next borrower.
    """

    SchemaEditorClass = TenantSchemaEditor

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs leave private methods out
        if not autocommit and active_tenant.get():
            self.tell_tenant()

    def tell_tenant(self) -> None:
        """Tell the open transaction which tenant is active ("" for none)."""
        with self.wrap_database_errors:
            self.connection.execute(SET_TENANT, (active_tenant.get(),))

    def can_tell_tenant(self) -> bool:
        """Whether a transaction is open and still takes statements."""
        connection: Any = self.connection
        return connection is not None and self.in_atomic_block and not connection.closed and not _is_broken(connection)


def _is_broken(connection: Any) -> bool:
    from psycopg.pq import TransactionStatus

    return connection.info.transaction_status in (TransactionStatus.INERROR, TransactionStatus.UNKNOWN)
