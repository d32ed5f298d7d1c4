"""Make a shop as it stands on its first day, from the short JSON files in seeds/.

Ids, names, texts and prices are the same on every machine; moments are counted back from today, so that a demo shows
"2 days ago" whenever it is started.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from demo.store import clock
from demo.store.records import (
    Address,
    Checkout,
    Customer,
    Discount,
    Fulfillment,
    LineItem,
    Order,
    Product,
    ShopState,
    Token,
    Tracking,
    Variant,
)

Seed: TypeAlias = dict[str, Any]

SEEDS = Path(__file__).with_name("seeds")
SHOPS = ("acme-demo", "acme-outlet", "globex-demo")
ALL_SCOPES = (
    "read_customers",
    "write_customers",
    "read_orders",
    "read_all_orders",
    "read_products",
    "read_discounts",
    "write_discounts",
    "read_customer_merge",
    "write_customer_merge",
)
FIRST_ORDER_NUMBER = 1001


def seeded_shops() -> list[ShopState]:
    """The three shops of the demo, fresh."""
    return [seeded_shop(name) for name in SHOPS]


def seeded_shop(name: str) -> ShopState:
    """One shop, made of the seed file of that name (its domain without `.myshopify.com`)."""
    seed: Seed = json.loads((SEEDS / f"{name}.json").read_text())
    shop = ShopState(
        **{key: seed[key] for key in ("id", "domain", "name", "email", "owner", "currency", "timezone", "plan")},
        created_at=_days_ago(900),
        next_id=seed["first_id"],
        next_order_number=FIRST_ORDER_NUMBER + len(seed["orders"]),
        tokens=[Token(value, list(ALL_SCOPES)) for value in seed["tokens"]],
        secrets=list(seed["secrets"]),
    )
    shop.products = [_product(entry) for entry in seed["products"]]
    shop.customers = [_customer(shop, entry, place) for place, entry in enumerate(seed["customers"])]
    shop.orders = [_order(shop, entry, number) for number, entry in enumerate(seed["orders"], FIRST_ORDER_NUMBER)]
    shop.discounts = [_discount(entry) for entry in seed["discounts"]]
    shop.checkouts = [_checkout(shop, entry) for entry in seed["checkouts"]]
    return shop


def _days_ago(days: int, place: int = 0) -> datetime:
    """A working hour of that day; `place` spreads the records over the day so that no two have one stamp."""
    midnight = clock.now().replace(hour=0, minute=0, second=0)
    return midnight - timedelta(days=days) + timedelta(hours=9, minutes=37 * (place % 14), seconds=place)


def _product(entry: Seed) -> Product:
    variants = [
        Variant(id=entry["id"] * 10 + place, title=title, price=Decimal(price), sku=sku, inventory=inventory)
        for place, (title, price, sku, inventory) in enumerate(entry["variants"], 1)
    ]
    return Product(
        **{key: entry[key] for key in ("id", "title", "handle", "hue", "option", "description")},
        product_type=entry["type"],
        vendor="Acme",
        created_at=_days_ago(400),
        updated_at=_days_ago(30),
        variants=variants,
    )


def _customer(shop: ShopState, entry: Seed, place: int) -> Customer:
    created, updated = entry.pop("days_ago")
    address = entry.pop("address", None)
    customer = Customer(**entry, created_at=_days_ago(created, place), updated_at=_days_ago(updated, place))
    if address is not None:
        names = {"first_name": customer.first_name, "last_name": customer.last_name}
        customer.addresses = [Address(id=_next_id(shop), **names, **address)]
    return customer


def _order(shop: ShopState, entry: Seed, number: int) -> Order:
    customer = next(each for each in shop.customers if each.id == entry["customer"])
    placed = _days_ago(entry["days_ago"], number)
    currency, rate = entry.get("presentment", (None, "1"))
    parcels = [_parcel(shop, parcel, placed, number) for parcel in entry.get("parcels", ())]
    return Order(
        id=entry["id"],
        number=number,
        token=f"{entry['id'] * 7919:x}",
        created_at=placed,
        updated_at=max([placed, *(parcel.created_at for parcel in parcels)]),
        customer_id=customer.id,
        email=customer.email,
        phone=customer.phone,
        presentment_currency=currency,
        presentment_rate=Decimal(rate),
        financial_status=entry.get("financial", "PAID"),
        fulfillment_status=entry.get("fulfillment", "UNFULFILLED"),
        cancelled_at=placed + timedelta(hours=3) if "cancelled" in entry else None,
        cancel_reason=entry.get("cancelled"),
        closed_at=placed + timedelta(days=4) if entry.get("closed") else None,
        note=entry.get("note"),
        tags=entry.get("tags", []),
        items=list(_items(shop, entry)),
        fulfillments=parcels,
        discount_codes=entry.get("codes", []),
        discount=Decimal(entry.get("discount", 0)),
        shipping_price=Decimal(entry.get("shipping", 0)),
        refunded=Decimal(entry.get("refunded", 0)),
        address=customer.addresses[0] if customer.addresses else None,
    )


def _items(shop: ShopState, entry: Seed) -> Iterator[LineItem]:
    known = {variant.sku: (product, variant) for product in shop.products for variant in product.variants}
    for sku, quantity in entry["items"]:
        product, variant = known[sku]
        yield LineItem(
            id=_next_id(shop),
            title=product.title,
            quantity=quantity,
            price=variant.price,
            sku=sku,
            variant_title=None if variant.title == "Default Title" else variant.title,
            variant_id=variant.id,
            product_id=product.id,
        )


def _parcel(shop: ShopState, parcel: Seed, placed: datetime, number: int) -> Fulfillment:
    sent = placed + timedelta(days=1, hours=2)
    is_delivered = parcel["display"] == "DELIVERED"
    url = f"https://parcels.example/track/{parcel['number']}"
    return Fulfillment(
        id=_next_id(shop),
        created_at=sent,
        display_status=parcel["display"],
        estimated_delivery_at=sent + timedelta(days=3 + number % 3),
        delivered_at=sent + timedelta(days=2) if is_delivered else None,
        tracking=[Tracking(parcel["company"], parcel["number"], url)],
    )


def _discount(entry: Seed) -> Discount:
    return Discount(
        id=entry["id"],
        title=entry["title"],
        code=entry["code"],
        typename=entry.get("kind", "DiscountCodeBasic"),
        percentage=entry.get("percentage", 0.0),
        once_per_customer=entry.get("once", False),
        usage_count=entry["used"],
        created_at=_days_ago(200),
        updated_at=_days_ago(60),
        starts_at=_days_ago(200),
        ends_at=_days_ago(90) if entry.get("ended") else None,
    )


def _checkout(shop: ShopState, entry: Seed) -> Checkout:
    left = _days_ago(entry["days_ago"])
    return Checkout(
        id=entry["id"],
        token=f"{entry['id'] * 7919:x}",
        created_at=left,
        updated_at=left,
        customer_id=entry["customer"],
        items=list(_items(shop, entry)),
    )


def _next_id(shop: ShopState) -> int:
    shop.next_id += 1
    return shop.next_id - 1
