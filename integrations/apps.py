"""App registration."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"

    def ready(self) -> None:
        from accounts import settings_registry
        from customers.belongings import register as register_belongings
        from customers.knowledge import register as register_knowledge
        from customers.merge_blockers import register as register_blockers
        from customers.order_contacts import register as register_order_contacts
        from customers.stores import register_directory
        from customers.tabs import register_tab
        from integrations.options import SETTINGS
        from integrations.services import knowing, merging, telling_contacts
        from integrations.services.directing import list_stores, register_directories, register_tellers

        register_directory(list_stores)
        settings_registry.register(*SETTINGS)
        register_belongings(merging.MOVED, joined=[merging.follow_merge], parted=[merging.follow_parting])
        register_blockers(merging.find_blockers)
        register_order_contacts(telling_contacts.read_contacts)
        register_tellers()
        register_directories()
        register_knowledge(knowing.HELD, searches=[knowing.search], texts=knowing.TEXTS)
        register_tab("orders", "integrations:customer_orders")
