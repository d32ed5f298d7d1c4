"""Two database roles: the owner migrates, the app works. Neither is a superuser."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections, transaction

GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
)


@contextmanager
def as_owner(alias: str = "default") -> Iterator[None]:
    """Connect as the owner role within the block: for migrations and the like, never for serving people."""
    connection = connections[alias]
    before = connection.settings_dict
    _reconnect(alias, {**before, **settings.DATABASE_OWNER, "NAME": before["NAME"], "OPTIONS": {}})
    try:
        yield
    finally:
        _reconnect(alias, before | {"NAME": connection.settings_dict["NAME"]})


def grant_to_app(alias: str = "default") -> None:
    """Let the app role read and write every table that exists now, but for what is only ever added to.

    Call as the owner, after migrating. One transaction: at no moment may the role do more, or less.
    """
    quote = connections[alias].ops.quote_name
    role = quote(str(settings.DATABASES["default"]["USER"]))
    there = set(connections[alias].introspection.table_names())
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        for grant in GRANTS:
            cursor.execute(grant.format(role=role))
        for table, columns in settings.DATABASE_APPEND_ONLY.items():
            if table in there:
                cursor.execute(f"REVOKE UPDATE, DELETE ON {quote(table)} FROM {role}")
                cursor.execute(f"GRANT UPDATE ({', '.join(map(quote, columns))}) ON {quote(table)} TO {role}")


def _reconnect(alias: str, settings_dict: dict) -> None:
    connection = connections[alias]
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    connection.settings_dict = settings_dict
