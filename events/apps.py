"""App registration."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from accounts import happenings, profile_registry
        from events.forms import NoticesForm
        from events.services.directing import register_directories
        from events.services.witnessing import witness

        register_directories()
        happenings.register_witness(witness)
        profile_registry.register(profile_registry.ProfileSection("notices", "Notices", NoticesForm))
