"""App registration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import adapter, profile_registry, settings_registry  # noqa: F401  signing in is listened to
        from accounts.forms import PersonalForm
        from accounts.options import SETTINGS

        profile_registry.register(profile_registry.ProfileSection("me", "Times", PersonalForm))
        settings_registry.register(*SETTINGS)
