"""App registration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import options
        from accounts.forms import PersonalForm

        options.register(options.OptionsSection("me", "Times", PersonalForm))
