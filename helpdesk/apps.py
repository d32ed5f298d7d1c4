"""The project package as an app: it carries commands and system checks, and makes the Celery app the current one."""

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "helpdesk"

    def ready(self) -> None:
        # checks registers the system checks; celery makes shared tasks belong to our app in every process.
        from helpdesk import celery, checks  # noqa: F401  imported for what importing does
