"""App registration."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "channels"

    def ready(self) -> None:
        from channels.services import knowing
        from customers.knowledge import register as register_knowledge

        register_knowledge(knowing.HELD, knowing.ENCLOSED, [knowing.search], knowing.TEXTS)
