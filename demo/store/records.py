"""What a pretend shop keeps: plain mutable records, stored as JSON and never handed out over the wire as they are.

Every id is the bare number of Shopify's `gid://shopify/Kind/NUMBER`. Moments are aware datetimes of whole seconds.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar


@dataclass
class Address:
    kind: ClassVar[str] = "MailingAddress"
    id: int
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    province: str | None = None
    province_code: str | None = None
    country: str | None = None
    country_code: str | None = None
    zip: str | None = None
    phone: str | None = None


@dataclass
class Customer:
    """A person of the shop; the first of `addresses` is the default one."""

    kind: ClassVar[str] = "Customer"
    id: int
    created_at: datetime
    updated_at: datetime
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    note: str | None = None
    tags: list[str] = field(default_factory=list)
    locale: str = "en"
    state: str = "DISABLED"
    verified_email: bool = True
    tax_exempt: bool = False
    addresses: list[Address] = field(default_factory=list)


@dataclass
class LineItem:
    kind: ClassVar[str] = "LineItem"
    id: int
    title: str
    quantity: int
    price: Decimal
    sku: str | None = None
    variant_title: str | None = None
    variant_id: int | None = None
    product_id: int | None = None


@dataclass
class Tracking:
    company: str | None = None
    number: str | None = None
    url: str | None = None


@dataclass
class Fulfillment:
    """A parcel; `status` and `display_status` are values of Shopify's enums of those names."""

    kind: ClassVar[str] = "Fulfillment"
    id: int
    created_at: datetime
    status: str = "SUCCESS"
    display_status: str = "IN_TRANSIT"
    estimated_delivery_at: datetime | None = None
    delivered_at: datetime | None = None
    tracking: list[Tracking] = field(default_factory=list)


@dataclass
class Attribute:
    key: str
    value: str | None = None


@dataclass
class Order:
    """Prices are in the shop's currency; `presentment_rate` turns them into what the customer saw."""

    kind: ClassVar[str] = "Order"
    id: int
    number: int
    token: str
    created_at: datetime
    updated_at: datetime
    customer_id: int | None = None
    email: str | None = None
    phone: str | None = None
    presentment_currency: str | None = None
    presentment_rate: Decimal = Decimal(1)
    financial_status: str = "PAID"
    fulfillment_status: str = "UNFULFILLED"
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    closed_at: datetime | None = None
    note: str | None = None
    tags: list[str] = field(default_factory=list)
    items: list[LineItem] = field(default_factory=list)
    fulfillments: list[Fulfillment] = field(default_factory=list)
    discount_codes: list[str] = field(default_factory=list)
    discount: Decimal = Decimal(0)
    shipping_price: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    address: Address | None = None
    cart_token: str | None = None
    checkout_token: str | None = None
    attributes: list[Attribute] = field(default_factory=list)


@dataclass
class Variant:
    kind: ClassVar[str] = "ProductVariant"
    id: int
    title: str
    price: Decimal
    sku: str | None = None
    inventory: int = 0


@dataclass
class Product:
    """`hue` (0 to 359) is the color of its drawn picture."""

    kind: ClassVar[str] = "Product"
    id: int
    title: str
    handle: str
    created_at: datetime
    updated_at: datetime
    description: str = ""
    product_type: str = ""
    vendor: str = ""
    status: str = "ACTIVE"
    hue: int = 200
    option: str = "Title"
    tags: list[str] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)


@dataclass
class Discount:
    """A code; `typename` is one of Shopify's four DiscountCode types, `percentage` runs from 0 to 1."""

    id: int
    title: str
    code: str
    created_at: datetime
    updated_at: datetime
    starts_at: datetime
    ends_at: datetime | None = None
    typename: str = "DiscountCodeBasic"
    percentage: float = 0.0
    usage_limit: int | None = None
    usage_count: int = 0
    once_per_customer: bool = False
    tags: list[str] = field(default_factory=list)
    customer_ids: list[int] = field(default_factory=list)


@dataclass
class Checkout:
    """A checkout that was left before paying."""

    kind: ClassVar[str] = "AbandonedCheckout"
    id: int
    token: str
    created_at: datetime
    updated_at: datetime
    customer_id: int | None = None
    completed_at: datetime | None = None
    note: str = ""
    discount_codes: list[str] = field(default_factory=list)
    items: list[LineItem] = field(default_factory=list)


@dataclass
class Cart:
    """A visitor's cart: variant id -> quantity, as the storefront's cart.js speaks of it."""

    token: str
    lines: dict[int, int] = field(default_factory=dict)
    note: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    discount_code: str = ""


@dataclass
class Subscription:
    """A wish for webhooks; `topic` is the enum's name, such as CUSTOMERS_UPDATE."""

    kind: ClassVar[str] = "WebhookSubscription"
    id: int
    topic: str
    uri: str
    created_at: datetime
    updated_at: datetime
    include_fields: list[str] = field(default_factory=list)
    name: str | None = None


@dataclass
class Merge:
    """A merge of two customers, worked a moment after it was asked for."""

    id: str
    kept_id: int
    lost_id: int
    note: str | None
    status: str = "REQUESTED"
    errors: list[str] = field(default_factory=list)


@dataclass
class Token:
    """An access token of the app in this shop: what it may do, and whether it still works."""

    value: str
    scopes: list[str]
    is_live: bool = True


@dataclass
class ShopState:
    """Everything one shop keeps. `secrets` sign webhooks: the first signs, the later ones are old."""

    id: int
    domain: str
    name: str
    email: str
    owner: str
    currency: str
    timezone: str
    created_at: datetime
    plan: str = "Basic"
    next_id: int = 7_900_000_000_001
    next_order_number: int = 1001
    tokens: list[Token] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    discounts: list[Discount] = field(default_factory=list)
    checkouts: list[Checkout] = field(default_factory=list)
    carts: list[Cart] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
