"""One pretend store and one receiver of webhooks for all tests of this folder, fresh before each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from demo.store.serving import StoreHandle, start
from tests.demo.receiver import Receiver, open_receiver

ACME = "acme-demo.myshopify.com"
GLOBEX = "globex-demo.myshopify.com"
# What the shops of fiction give their app: access tokens, and what acme signs its webhooks with.
ACME_KEY = "demo-token-acme"
GLOBEX_KEY = "demo-token-globex"
FRESH_KEY = "fresh"
SIGNING_KEY = "demo-secret-acme"
ANA = "gid://shopify/Customer/7301000000001"
LAYLA = "gid://shopify/Customer/9007199254741007"


@dataclass
class Api:
    """Calls the GraphQL API of one shop as an app does."""

    http: httpx.Client
    shop: str = ACME
    token: str = ACME_KEY
    version: str = "2026-10"

    def post(self, document: str, variables: object = None) -> httpx.Response:
        url = f"/shops/{self.shop}/admin/api/{self.version}/graphql.json"
        asked = {"query": document, "variables": variables or {}}
        return self.http.post(url, json=asked, headers={"X-Shopify-Access-Token": self.token})

    def ask(self, document: str, **variables: object) -> Any:
        """The whole answer."""
        response = self.post(document, variables)
        assert response.status_code == 200, response.text
        return response.json()

    def data(self, document: str, **variables: object) -> Any:
        """The data of an answer without errors."""
        answer = self.ask(document, **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    def set_note(self, customer: str, note: str | None) -> Any:
        """The payload of customerUpdate."""
        document = """mutation SetNote($input: CustomerInput!) {
          customerUpdate(input: $input) { customer { id note updatedAt } userErrors { field message } } }"""
        return self.data(document, input={"id": customer, "note": note})["customerUpdate"]

    def note(self, customer: str) -> Any:
        """The note as the API tells it."""
        return self.data("query NoteOnly($id: ID!) { customer(id: $id) { note } }", id=customer)["customer"]["note"]


@pytest.fixture(scope="session")
def running_receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    server = open_receiver(receiver)
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def running_store() -> Iterator[StoreHandle]:
    with start() as handle:
        yield handle


@pytest.fixture
def store(running_store: StoreHandle) -> StoreHandle:
    """The store with every shop at its seeds, subscribed to nothing."""
    running_store.reset()
    return running_store


@pytest.fixture
def receiver(running_receiver: Receiver, store: StoreHandle) -> Receiver:
    """A receiver that acme's shop sends its webhooks to; failed deliveries are repeated at once."""
    running_receiver.clear()
    store.control(ACME, {"subscribe": {"uri": running_receiver.url}, "retry_waits": [0.02, 0.02, 0.02]})
    return running_receiver


@pytest.fixture(scope="session")
def client(running_store: StoreHandle) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running_store.url) as client:
        yield client


@pytest.fixture
def http(store: StoreHandle, client: httpx.Client) -> httpx.Client:
    """A browser without a cookie, before a store at its seeds."""
    client.cookies.clear()
    return client


@pytest.fixture
def api(http: httpx.Client) -> Api:
    return Api(http)


@pytest.fixture
def globex_api(http: httpx.Client) -> Api:
    return Api(http, GLOBEX, GLOBEX_KEY)
