"""App registration."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"

    def ready(self) -> None:
        from customers.stores import register_directory
        from integrations.services.directing import list_stores

        register_directory(list_stores)
