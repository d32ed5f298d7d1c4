"""The neutral words in which adapters and the rest of the product speak about stores."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from core.money import minor_digits


class Capability(StrEnum):
    """What a kind of store can do for us; pages show what is in an adapter's `capabilities`."""

    NOTES = "notes"
    ORDERS = "orders"
    CUSTOMER_LOOKUP_EMAIL = "customer_lookup_email"
    CUSTOMER_LOOKUP_PHONE = "customer_lookup_phone"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens one store.

    `shop` as `StoreAdapter.clean_shop` spells it; `secrets` sign its webhooks, the newest first (two while they
    rotate); `base_url` replaces the store's own place in development, with "{shop}" in it, and is empty otherwise.
    """

    shop: str
    token: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents; yen have none) of a currency named by its ISO 4217 code in capitals."""

    minor: int
    currency: str

    @classmethod
    def from_decimal(cls, amount: Decimal, currency: str) -> "Money":
        """Round halves away from zero, as stores print prices."""
        minor = amount.scaleb(minor_digits(currency)).quantize(Decimal(1), ROUND_HALF_UP)
        return cls(int(minor), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in whole units with the currency's own number of digits, such as 12.50 or 1250."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """The note as the store holds it, letter by letter, except that "no note" is the empty text."""

    text: str
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoreCustomerFacts:
    """A store's customer. Texts the store withholds are empty; `phones` as the store writes them, most often E.164.

    `location` is a line such as "Lyon, France"; `language` a tag such as "fr" or "pt-BR"; `spent` one sum per currency;
    `admin_url` the customer's page in the store's own admin, always http or https.
    """

    remote_id: str
    note: str
    updated_at: datetime | None
    first_name: str
    last_name: str
    display_name: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    location: str
    language: str
    orders_count: int
    spent: tuple[Money, ...]
    admin_url: str


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order; `price` is for a single piece, `image_url` is http, https or empty.

    `category` is what kind of product it is in the store's own word, empty where it says none.
    """

    title: str
    variant: str
    sku: str
    quantity: int
    price: Money
    image_url: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class Tracking:
    """Where a parcel is; any part may be empty, `url` is http, https or empty."""

    company: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order. `name` is what people call it ("#1001"); the statuses are the store's words in lower case ("paid").

    `total` is what it costs now, after edits and refunds of lines; `items` may be only the first lines of a long order;
    `status_url` is the customer's page, `admin_url` the store's; both http, https or empty. `due_at` is when the next
    of its parcels that are still on their way should arrive, None where the store does not say. `email` and `phone` are
    what it was placed with, at times others than the customer's; empty where the store does not say.
    """

    remote_id: str
    name: str
    placed_at: datetime
    updated_at: datetime | None
    cancelled_at: datetime | None
    closed_at: datetime | None
    payment_status: str
    fulfillment_status: str
    total: Money
    items: tuple[OrderItem, ...]
    tracking: tuple[Tracking, ...]
    status_url: str
    admin_url: str
    due_at: datetime | None = None
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CustomerChanged:
    """A customer was made or changed. `note` is None when the webhook did not speak of it, "" when there is none.

    A hint, not the truth: a webhook may be hours old. Read the store again before writing anything because of it.
    """

    remote_id: str
    updated_at: datetime | None
    note: str | None


@dataclass(frozen=True, slots=True)
class CustomerDeleted:
    """The store no longer has this customer."""

    remote_id: str


@dataclass(frozen=True, slots=True)
class CustomersMerged:
    """The store joined two of its customers into the kept one; the other's id is gone."""

    kept_remote_id: str
    deleted_remote_id: str


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order was placed or changed; the customer is None for an order without one."""

    remote_id: str
    customer_remote_id: str | None


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The store removed us and the token is dead, unless we were connected again after `triggered_at`."""

    triggered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A genuine webhook about something we do not follow."""

    topic: str


StoreFact = CustomerChanged | CustomerDeleted | CustomersMerged | OrderChanged | Uninstalled | Ignored


@dataclass(frozen=True, slots=True)
class WebhookHead:
    """What the headers of a webhook say; the signature does not cover them.

    `webhook_id` is the same on every retry of one delivery; `shop` is spelled as `StoreAdapter.clean_shop` does.
    """

    webhook_id: str
    topic: str
    shop: str
    triggered_at: datetime | None


@dataclass(frozen=True, slots=True)
class WebhookEnvelope(WebhookHead):
    """A webhook read to the end."""

    facts: tuple[StoreFact, ...]
