"""A connected Shopify store, spoken to over the Admin GraphQL API."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

from core.http import HttpClient
from integrations.base import GiveUp, StoreAdapter, TryAgain, note_length
from integrations.shopify import domain, signing, subscribing, webhooks
from integrations.shopify.answers import Withheld, check_user_errors
from integrations.shopify.client import ShopifyClient
from integrations.shopify.matching import fold_email, fold_phone, is_match, search_query
from integrations.shopify.parsing import parse_customer, parse_note, parse_order
from integrations.shopify.reading import Json, Unreadable, read_nodes, read_object, read_remote_id, read_text
from integrations.types import Capability, Credentials, NoteFacts, OrderFacts, StoreCustomerFacts

# One question may cost 1,000 points; ten orders with their lines and parcels cost about 720.
MOST_ORDERS = 10
NEEDED_SCOPES = ("read_customers", "write_customers", "read_orders")


@contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except Unreadable as error:
        raise GiveUp(f"The store's answer cannot be read: {error}") from error


class ShopifyAdapter(StoreAdapter):
    """Remote ids are the digits of Shopify's ids, as text: webhooks, page addresses and global ids share them."""

    label: ClassVar[str] = "Shopify"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability)
    # The schema states 5,000 for merged notes and for orders; how Shopify counts them is not documented.
    note_limit: ClassVar[int] = 5000

    clean_shop = staticmethod(domain.clean_shop)
    verify_webhook = staticmethod(signing.verify_webhook)
    read_webhook_head = staticmethod(webhooks.read_head)
    read_webhook = staticmethod(webhooks.read_webhook)

    def __init__(self, credentials: Credentials, http: HttpClient) -> None:
        super().__init__(credentials, http)
        self._client = ShopifyClient(credentials, http)

    @_understood()
    def check(self) -> str:
        data = self._client.execute("shop")
        shop = read_object(data.get("shop"), "shop")
        answered = read_text(shop, "myshopifyDomain", 255).lower()
        if answered != self._client.shop:
            # A renamed shop would send its webhooks under the new name, which leads to no connection.
            raise GiveUp(f"The store calls itself {answered}; connect it under that name")
        _check_scopes(data)
        return read_text(shop, "name", 255)

    @_understood()
    def find_customers(self, *, email: str | None, phone: str | None) -> tuple[StoreCustomerFacts, ...]:
        email, phone = fold_email(email), fold_phone(phone)
        query = search_query(email, phone)
        if not query:
            return ()
        found = self._client.execute("find_customers", {"query": query}).get("customers")
        facts = (parse_customer(node, self._client.admin_root) for node in read_nodes(found, "customers"))
        return tuple(customer for customer in facts if is_match(customer, email, phone))

    @_understood()
    def fetch_customer(self, remote_id: str) -> StoreCustomerFacts | None:
        customer = self._customer("customer", remote_id)
        return parse_customer(customer, self._client.admin_root) if customer else None

    @_understood()
    def fetch_note(self, remote_id: str) -> NoteFacts | None:
        customer = self._customer("note", remote_id)
        return parse_note(customer) if customer else None

    @_understood()
    def write_note(self, remote_id: str, text: str) -> NoteFacts:
        if note_length(text) > self.note_limit:
            raise GiveUp(f"The note is longer than the {self.note_limit:,} characters Shopify takes")
        data = self._client.execute("set_note", {"id": _customer_gid(remote_id), "note": text})
        payload = read_object(data.get("customerUpdate"), "customerUpdate")
        check_user_errors(payload)
        if payload.get("customer") is None:
            raise TryAgain("The store did not say whether it took the note")
        return parse_note(read_object(payload["customer"], "customer"))

    @_understood()
    def fetch_orders(self, remote_id: str, limit: int = 10) -> tuple[OrderFacts, ...]:
        if not 1 <= limit <= MOST_ORDERS:
            raise ValueError(f"limit must be 1 to {MOST_ORDERS}")
        try:
            customer = self._customer("orders", remote_id, {"first": limit, "withStatusPage": True})
        except Withheld:
            # Protected and not nullable: without approval for it, this one link takes all orders along.
            customer = self._customer("orders", remote_id, {"first": limit, "withStatusPage": False})
        orders = read_nodes(customer.get("orders"), "orders") if customer else []
        return tuple(parse_order(order, self._client.admin_root) for order in orders)

    @_understood()
    def subscribe(self, callback_url: str) -> None:
        subscribing.subscribe_all(self._client, callback_url)

    def _customer(self, operation: str, remote_id: str, variables: Mapping[str, int] | None = None) -> Json | None:
        data = self._client.execute(operation, {"id": _customer_gid(remote_id), **(variables or {})})
        # Only an answered null means "no such customer"; an absent key is an answer we do not understand.
        customer = data.get("customer", ...)
        return None if customer is None else read_object(customer, "customer")


def _check_scopes(data: Json) -> None:
    installation = read_object(data.get("currentAppInstallation"), "currentAppInstallation")
    granted = {
        read_text(scope, "handle", 100) for scope in read_nodes(installation.get("accessScopes"), "accessScopes")
    }
    # Writing includes reading, and Shopify then need not list both.
    granted |= {scope.replace("write_", "read_", 1) for scope in granted if scope.startswith("write_")}
    missing = [scope for scope in NEEDED_SCOPES if scope not in granted]
    if missing:
        raise GiveUp(f"The access token lacks {', '.join(missing)}")


def _customer_gid(remote_id: str) -> str:
    try:
        return f"gid://shopify/Customer/{read_remote_id(remote_id, 'Customer')}"
    except Unreadable as error:
        raise GiveUp(f"Not a customer of this kind of store: {error}") from error
