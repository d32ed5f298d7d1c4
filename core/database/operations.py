"""Migration operations: search views."""

from django.db.migrations.operations import RunSQL


def search_view(name: str, select: str) -> RunSQL:
    """A view, owned by the owner role, that repeats the tenant condition itself.

    Under row-level security only leakproof operators use an index; full text and trigram search do not count as
    such. The view is not bound by the policy, so its searches do use their indexes; the condition it repeats
    keeps tenants apart. `select` must have a table aliased `t` with a tenant_id, and no WHERE.
    """
    if not name.startswith("search_"):
        raise ValueError("search views are named search_…, so that the house test finds them")
    return RunSQL(
        f"CREATE VIEW {name} AS {select} WHERE t.tenant_id = current_setting('app.tenant')::bigint",
        f"DROP VIEW {name}",
    )
