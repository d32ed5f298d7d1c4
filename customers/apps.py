"""App registration."""

from typing import Any

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from simple_history.signals import pre_create_historical_record

        from accounts.settings_registry import register
        from customers.belongings import register as register_belongings
        from customers.knowledge import register as register_knowledge
        from customers.options import SETTINGS
        from customers.services import forgetting, knowing
        from customers.services.directing import register_directories
        from customers.services.merging import belonging
        from customers.services.merging import sharing_drafts as drafts
        from customers.tabs import ALL, NOTES, register_tab

        register(*SETTINGS)
        register_belongings(belonging.MOVED, belonging.KEPT, joined=[drafts.copy], parted=[drafts.drop])
        register_directories()
        register_knowledge(knowing.HELD, knowing.ENCLOSED, [knowing.search, forgetting.search], knowing.TEXTS)
        register_tab(ALL, "customers:everything")
        register_tab(NOTES, "customers:timeline_notes")
        pre_create_historical_record.connect(_sign_history, dispatch_uid="customers.sign_history")


def _sign_history(sender: Any, *, instance: Any, history_instance: Any, **_: Any) -> None:
    """Services put the actor on the row before they save it: history has no request to ask (tasks have none)."""
    if actor := getattr(instance, "_actor", None):
        history_instance.actor_kind = actor.kind
        history_instance.actor_id = actor.id
        history_instance.actor_name = actor.name[:200]
