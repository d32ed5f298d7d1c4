"""App registration."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"

    def ready(self) -> None:
        from events import links
        from tickets.http import links_of

        links.register(links_of)
