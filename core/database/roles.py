"""Two database roles: the owner migrates, the app works. Neither is a superuser."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

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
    """Let the app role read and write every table that exists now. Call as the owner, after migrating."""
    role = connections[alias].ops.quote_name(str(settings.DATABASES["default"]["USER"]))
    with connections[alias].cursor() as cursor:
        for grant in GRANTS:
            cursor.execute(grant.format(role=role))


def _reconnect(alias: str, settings_dict: dict) -> None:
    connection = connections[alias]
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    connection.settings_dict = settings_dict
