"""What can happen to an order."""

import secrets
from collections.abc import Mapping
from decimal import Decimal

from demo.store import clock, payloads
from demo.store.customers import touch_customer
from demo.store.records import Attribute, Customer, LineItem, Order, Product, Variant
from demo.store.shop import Shop, new_event

CHANGEABLE = frozenset({"financial_status", "fulfillment_status", "note", "tags", "email", "phone"})


def place_order(
    *,
    shop: Shop,
    customer: Customer | None,
    lines: Mapping[int, int],
    cart_token: str | None = None,
    attributes: Mapping[str, str] | None = None,
    contact: tuple[str | None, str | None] | None = None,
) -> Order:
    """A paid order of the given variants (id -> quantity); it touches the customer, as in Shopify. `contact` is e-mail
    and phone, the customer's own when there is none.
    """
    if contact is None:
        contact = (customer.email, customer.phone) if customer else (None, None)
    now = clock.now()
    order = Order(
        id=shop.new_id(),
        number=shop.state.next_order_number,
        token=secrets.token_hex(16),
        created_at=now,
        updated_at=now,
        customer_id=customer.id if customer else None,
        email=contact[0],
        phone=contact[1],
        items=[_item(shop, *variant_of(shop, number), quantity) for number, quantity in lines.items()],
        shipping_price=Decimal("4.90"),
        address=customer.addresses[0] if customer and customer.addresses else None,
        cart_token=cart_token,
        attributes=[Attribute(key, value) for key, value in (attributes or {}).items()],
    )
    shop.state.next_order_number += 1
    shop.state.orders.append(order)
    event = new_event()
    _announce(shop, "orders/create", order, event)
    if customer:
        touch_customer(shop=shop, customer=customer, event_id=event)
    return order


def change_order(*, shop: Shop, order: Order, changes: Mapping[str, object]) -> None:
    """Set some of CHANGEABLE; a name outside it raises ValueError."""
    if unknown := changes.keys() - CHANGEABLE:
        raise ValueError(f"an order has no {', '.join(sorted(unknown))} to change")
    for name, value in changes.items():
        setattr(order, name, value)
    order.updated_at = clock.now()
    _announce(shop, "orders/updated", order, new_event())


def variant_of(shop: Shop, number: int) -> tuple[Product, Variant]:
    """The variant of that id and its product; raises KeyError."""
    for product in shop.state.products:
        for variant in product.variants:
            if variant.id == number:
                return product, variant
    raise KeyError(number)


def variant_title(variant: Variant) -> str | None:
    """The variant's name, or None for a product without a choice."""
    return None if variant.title == "Default Title" else variant.title


def _item(shop: Shop, product: Product, variant: Variant, quantity: int) -> LineItem:
    return LineItem(
        id=shop.new_id(),
        title=product.title,
        quantity=quantity,
        price=variant.price,
        sku=variant.sku,
        variant_title=variant_title(variant),
        variant_id=variant.id,
        product_id=product.id,
    )


def _announce(shop: Shop, topic: str, order: Order, event_id: str) -> None:
    body = payloads.order_body(shop.state, order, shop.customer(order.customer_id), shop.status_url(order))
    shop.announce(topic, body, event_id)
