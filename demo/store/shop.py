"""One shop at work: its state, its journal, its mischief, and the way its changes are announced."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from demo.store.bucket import Bucket
from demo.store.journal import Journal
from demo.store.mischief import Mischief
from demo.store.payloads import Payload
from demo.store.records import Customer, Order, Product, ShopState, Token


@dataclass(frozen=True)
class Announcement:
    """A change as webhooks tell it; the body is fixed at this moment, however late it is delivered."""

    shop: "Shop"
    topic: str
    body: Payload
    event_id: str


@dataclass
class Shop:
    """`public_url` is where a browser finds the shop; `tell` is called with every change."""

    state: ShopState
    public_url: str
    tell: Callable[[Announcement], None]
    journal: Journal = field(default_factory=Journal)
    mischief: Mischief = field(default_factory=Mischief)
    bucket: Bucket = field(default_factory=Bucket)

    def announce(self, topic: str, body: Payload, event_id: str) -> None:
        """Tell the world; all announcements of one action share its event id."""
        self.tell(Announcement(self, topic, body, event_id))

    def new_id(self) -> int:
        """A number no other record of this shop has."""
        self.state.next_id += 1
        return self.state.next_id - 1

    def token(self, value: str) -> Token | None:
        """The live token of that value."""
        return next((each for each in self.state.tokens if each.value == value and each.is_live), None)

    def customer(self, number: int | None) -> Customer | None:
        """The customer of that id."""
        return next((each for each in self.state.customers if each.id == number), None)

    def customer_named(self, reference: str) -> Customer | None:
        """The customer meant by an id, a global id or an e-mail address."""
        last = reference.rsplit("/", 1)[-1]
        fitting = (each for each in self.state.customers if last in (str(each.id), each.email))
        return next(fitting, None)

    def order(self, number: int) -> Order | None:
        """The order of that id."""
        return next((each for each in self.state.orders if each.id == number), None)

    def orders_of(self, customer: Customer) -> list[Order]:
        """All orders of a customer, oldest first."""
        return [each for each in self.state.orders if each.customer_id == customer.id]

    def product(self, number: int | None) -> Product | None:
        """The product of that id."""
        return next((each for each in self.state.products if each.id == number), None)

    def status_url(self, order: Order) -> str:
        """Where the customer of an order sees how it stands."""
        return f"{self.public_url}/orders/{order.token}"


def new_event() -> str:
    """An id for one action of a merchant or of an app."""
    return str(uuid.uuid4())
