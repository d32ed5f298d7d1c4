"""Which tenant the database is told about, for this context of execution."""

from contextvars import ContextVar

# The id as text, or "" for none: what `app.tenant` is set to at each BEGIN.
active_tenant: ContextVar[str] = ContextVar("active_tenant", default="")

SET_TENANT = "SELECT set_config('app.tenant', %s, true)"
