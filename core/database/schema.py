"""Schema editor: every table with a TenantKey is born with its policy and with composite foreign keys.

Done here and not by hand in migrations, so that no migration can forget it. Foreign-key checks bypass
row-level security: a plain key would let a row point into another tenant.
"""

from typing import Any

from django.db import NotSupportedError, models
from django.db.backends.ddl_references import Columns, Statement
from django.db.backends.postgresql import schema

from core.database.fields import TenantKey

ENABLE = "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
# current_setting without its second argument raises when no tenant was ever told, and ''::bigint raises when it
# was told and forgotten: a query without a tenant fails, it never answers an empty list.
POLICY = (
    "CREATE POLICY tenant ON {table} USING (tenant_id = current_setting('app.tenant')::bigint) "
    "WITH CHECK (tenant_id = current_setting('app.tenant')::bigint)"
)
UNIQUE = "ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (tenant_id, id)"


class TenantSchemaEditor(schema.DatabaseSchemaEditor):
    """Adds policy, (tenant, id) key and composite foreign keys to tenant-owned tables."""

    # Inline column constraints cannot span two columns; without this they become deferred statements.
    sql_create_column_inline_fk: Any = None

    def create_model(self, model: type[models.Model]) -> None:
        super().create_model(model)
        if not is_tenant_owned(model):
            return
        table = self.quote_name(model._meta.db_table)
        self.execute(ENABLE.format(table=table))
        self.execute(POLICY.format(table=table))
        if model._meta.pk.column == "id":  # in a history table the id of the row it is about comes up again and again
            name = self.quote_name(f"{model._meta.db_table[:50]}_in_tenant")
            self.execute(UNIQUE.format(table=table, name=name))

    def add_field(self, model: type[models.Model], field: Any) -> None:
        """Refuses a tenant added later: keys made before it would not be composite, and no policy would stand."""
        if isinstance(field, TenantKey):
            raise NotSupportedError(f"In the migration, move the tenant of {model._meta.label} into its CreateModel.")
        super().add_field(model, field)

    def _create_fk_sql(self, model: type[models.Model], field: Any, suffix: str) -> Statement:
        statement = super()._create_fk_sql(model, field, suffix)  # type: ignore[misc]  # the stubs leave private methods out
        target = field.remote_field.model
        if is_tenant_owned(model) and not isinstance(field, TenantKey) and has_tenant(target):
            columns = statement.parts["column"]
            statement.parts["column"] = Columns(columns.table, ["tenant_id", field.column], self.quote_name)
            statement.parts["to_column"] = Columns(target._meta.db_table, ["tenant_id", "id"], self.quote_name)
        return statement


def is_tenant_owned(model: type[models.Model]) -> bool:
    """Whether rows of the model belong to one tenant and are hidden from all others."""
    return any(isinstance(field, TenantKey) for field in model._meta.local_fields)


def has_tenant(model: type[models.Model]) -> bool:
    """Whether the table has a tenant column, guarded or not (memberships have one and are not guarded)."""
    return any(field.name == "tenant" for field in model._meta.local_fields)
