"""App registration."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from accounts import profile_registry
        from events.forms import NoticesForm

        profile_registry.register(profile_registry.ProfileSection("notices", "Notices", NoticesForm))
