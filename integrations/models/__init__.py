"""Nouns of integrations."""

from integrations.models.connection import Connection
from integrations.models.field_value import OrderFieldValue
from integrations.models.inbound_webhook import InboundWebhook
from integrations.models.link import StoreCustomer
from integrations.models.order import Order

__all__ = ["Connection", "InboundWebhook", "Order", "OrderFieldValue", "StoreCustomer"]
