"""App registration."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"

    def ready(self) -> None:
        from accounts import profile_registry, settings_registry
        from customers.belongings import register as register_belongings
        from customers.knowledge import register as register_knowledge
        from customers.tabs import register_tab
        from events import links
        from tickets.forms.signing import SignatureForm
        from tickets.http import links_of, sight_of
        from tickets.options import SETTINGS
        from tickets.services import belonging, knowing
        from tickets.services.directing import register_directories

        links.register(links_of)
        register_belongings(belonging.MOVED, belonging.KEPT, belonging.COUNTERS, parted=[belonging.follow_parting])
        register_directories()
        register_knowledge(knowing.HELD, knowing.ENCLOSED, [knowing.search], knowing.TEXTS)
        for code in ("letters", "files", "chats"):
            register_tab(code, f"tickets:customer_{code}")
        links.register_sight(sight_of)
        settings_registry.register(*SETTINGS)
        profile_registry.register(profile_registry.ProfileSection("signature", "Signature", SignatureForm))
