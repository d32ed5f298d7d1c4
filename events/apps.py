"""App registration."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from accounts import options
        from events.forms import NoticesForm

        options.register(options.OptionsSection("notices", "Notices", NoticesForm))
