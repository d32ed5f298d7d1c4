"""`migrate`, as the owner role; afterwards the app role may read and write what is there."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate

from core.database.roles import as_owner, grant_to_app


class Command(DjangoMigrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner(options["database"]):
            super().handle(*args, **options)
            grant_to_app(options["database"])
