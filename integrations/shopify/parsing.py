"""Turn the answers of the Admin GraphQL API into our neutral facts."""

from collections.abc import Sequence
from datetime import datetime

from integrations.shopify.reading import (
    Json,
    Unreadable,
    read_count,
    read_moment,
    read_money,
    read_nodes,
    read_object,
    read_remote_id,
    read_text,
    read_url,
)
from integrations.types import Money, NoteFacts, OrderFacts, OrderItem, StoreCustomerFacts, Tracking


def parse_note(customer: Json) -> NoteFacts:
    """The note is never cut: a cut one written back would destroy the rest."""
    return NoteFacts(read_text(customer, "note", None), read_moment(customer, "updatedAt"))


def parse_customer(customer: Json, admin_root: str) -> StoreCustomerFacts:
    """A customer whose protected fields may be withheld (null)."""
    remote_id = read_remote_id(customer.get("id"), "Customer")
    note = parse_note(customer)
    first_name, last_name = read_text(customer, "firstName", 255), read_text(customer, "lastName", 255)
    emails = _one(customer, "defaultEmailAddress", "emailAddress", 254)
    phones = _one(customer, "defaultPhoneNumber", "phoneNumber", 50)
    return StoreCustomerFacts(
        remote_id=remote_id,
        note=note.text,
        updated_at=note.updated_at,
        first_name=first_name,
        last_name=last_name,
        display_name=_display_name(first_name, last_name, emails, phones),
        emails=emails,
        phones=phones,
        location="".join(_one(customer, "defaultAddress", "formattedArea", 255)),
        language=read_text(customer, "locale", 35),
        orders_count=read_count(customer, "numberOfOrders"),
        spent=_spent(customer),
        admin_url=f"{admin_root}/customers/{remote_id}",
    )


def parse_order(order: Json, admin_root: str) -> OrderFacts:
    """An order with its first lines; statuses we have never heard of are kept as they are."""
    remote_id = read_remote_id(order.get("id"), "Order")
    fulfillments = read_nodes(order.get("fulfillments") or [], "fulfillments")
    return OrderFacts(
        remote_id=remote_id,
        name=read_text(order, "name", 64),
        placed_at=_placed_at(order),
        updated_at=read_moment(order, "updatedAt"),
        cancelled_at=read_moment(order, "cancelledAt"),
        closed_at=read_moment(order, "closedAt"),
        payment_status=read_text(order, "displayFinancialStatus", 40).lower(),
        fulfillment_status=read_text(order, "displayFulfillmentStatus", 40).lower(),
        total=_shop_money(order, "currentTotalPriceSet"),
        items=tuple(_item(line) for line in read_nodes(order.get("lineItems"), "lineItems")),
        tracking=tuple(track for fulfillment in fulfillments for track in _tracking(fulfillment)),
        status_url=read_url(order, "statusPageUrl"),
        admin_url=f"{admin_root}/orders/{remote_id}",
        due_at=_due_at(fulfillments),
        email=read_text(order, "email", 254).strip(),
        phone=read_text(order, "phone", 50).strip(),
    )


def _display_name(first_name: str, last_name: str, emails: tuple[str, ...], phones: tuple[str, ...]) -> str:
    """As Shopify's own admin names customers."""
    name = f"{first_name} {last_name}".strip()
    return next((text for text in (name, *emails, *phones) if text), "")[:255]


def _placed_at(order: Json) -> datetime:
    moment = read_moment(order, "createdAt")
    if moment is None:
        raise Unreadable("createdAt is missing")
    return moment


def _one(customer: Json, holder: str, name: str, limit: int) -> tuple[str, ...]:
    text = read_text(read_object(customer.get(holder) or {}, holder), name, limit).strip()
    return (text,) if text else ()


def _spent(customer: Json) -> tuple[Money, ...]:
    money = customer.get("amountSpent")
    return (read_money(money, "amountSpent"),) if money else ()


def _shop_money(data: Json, name: str) -> Money:
    return read_money(read_object(data.get(name), name).get("shopMoney"), name)


def _item(line: Json) -> OrderItem:
    return OrderItem(
        title=read_text(line, "title", 255),
        variant=read_text(line, "variantTitle", 255),
        sku=read_text(line, "sku", 255),
        quantity=read_count(line, "quantity"),
        price=_shop_money(line, "originalUnitPriceSet"),
        image_url=read_url(read_object(line.get("image") or {}, "image"), "url"),
        category=read_text(read_object(line.get("product") or {}, "product"), "productType", 255).strip(),
    )


def _due_at(fulfillments: Sequence[Json]) -> datetime | None:
    under_way = [one for one in fulfillments if read_moment(one, "deliveredAt") is None]
    moments = [read_moment(one, "estimatedDeliveryAt") for one in under_way]
    return min((moment for moment in moments if moment is not None), default=None)


def _tracking(fulfillment: Json) -> tuple[Tracking, ...]:
    return tuple(
        Tracking(read_text(track, "company", 100), read_text(track, "number", 100), read_url(track, "url"))
        for track in read_nodes(fulfillment.get("trackingInfo") or [], "trackingInfo")
    )
