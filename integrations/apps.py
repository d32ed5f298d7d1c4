"""App registration."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"

    def ready(self) -> None:
        from customers.belongings import Moved
        from customers.belongings import register as register_belongings
        from customers.knowledge import register as register_knowledge
        from customers.stores import register_directory
        from customers.tabs import register_tab
        from integrations.models import StoreCustomer
        from integrations.services import knowing
        from integrations.services.directing import list_stores, register_directories, register_tellers

        register_directory(list_stores)
        register_belongings([Moved("stores", StoreCustomer)])
        register_tellers()
        register_directories()
        register_knowledge(knowing.HELD, searches=[knowing.search], texts=knowing.TEXTS)
        register_tab("orders", "integrations:customer_orders")
