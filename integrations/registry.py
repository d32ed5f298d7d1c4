"""The kinds of stores we know: the only place that names a vendor."""

from importlib import import_module

from integrations.base import StoreAdapter

KINDS = {"shopify": "integrations.shopify.adapter.ShopifyAdapter"}


class UnknownKind(LookupError):
    """No store of that kind can be connected."""


def adapter_class(kind: str) -> type[StoreAdapter]:
    """The adapter for a kind; its module is loaded on first use. Raise UnknownKind."""
    try:
        module_name, _, class_name = KINDS[kind].rpartition(".")
    except KeyError as error:
        raise UnknownKind(kind) from error
    found: type[StoreAdapter] = getattr(import_module(module_name), class_name)
    return found
