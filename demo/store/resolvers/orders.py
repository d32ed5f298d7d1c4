"""Orders, their lines and parcels, and checkouts that were left."""

from datetime import timedelta
from typing import Any

from demo.store import clock, money
from demo.store.paging import Page, page
from demo.store.payloads import gid
from demo.store.records import Checkout, Customer, Fulfillment, LineItem, Order, Tracking
from demo.store.resolvers.asking import (
    Answer,
    Arguments,
    Context,
    Resolver,
    money_bag,
    read_gid,
    record_gid,
    warn_of,
)
from demo.store.resolvers.customers import display_name
from demo.store.search import Index, parse_search
from demo.store.shop import Shop

VISIBLE_DAYS = 60  # Without the scope read_all_orders an app sees no older orders.


def order_index(shop: Shop) -> Index[Order]:
    """What `orders(query:)` may ask."""
    return Index(
        fields={
            "name": lambda each: [f"#{each.number}", str(each.number)],
            "id": lambda each: each.id,
            "email": lambda each: each.email,
            "customer_id": lambda each: each.customer_id,
            "created_at": lambda each: each.created_at,
            "processed_at": lambda each: each.created_at,
            "updated_at": lambda each: each.updated_at,
            "financial_status": lambda each: each.financial_status,
            "fulfillment_status": lambda each: each.fulfillment_status,
            "status": _status_word,
            "tag": lambda each: each.tags,
            "discount_code": lambda each: each.discount_codes,
            "cart_token": lambda each: each.cart_token,
            "checkout_token": lambda each: each.checkout_token,
        },
        words=lambda each: [str(each.number), each.email, *(item.title for item in each.items), _buyer(shop, each)],
    )


def _status_word(order: Order) -> str:
    if order.cancelled_at:
        return "cancelled"
    return "closed" if order.closed_at else "open"


def _buyer(shop: Shop, order: Order) -> str:
    customer = shop.customer(order.customer_id)
    return display_name(customer) if customer else ""


def _visible(context: Context, orders: list[Order]) -> list[Order]:
    if "read_all_orders" in context.scopes:
        return orders
    since = clock.now() - timedelta(days=VISIBLE_DAYS)
    return [order for order in orders if order.created_at >= since]


def _page(context: Context, orders: list[Order], arguments: Arguments) -> Page[Order]:
    search = parse_search(arguments.get("query"), order_index(context.shop))
    warn_of(context, "orders", arguments.get("query"), search.unknown_fields)
    found = [each for each in _visible(context, orders) if search.matches(each)]
    return page(found, arguments, sort_by=_sorting(context, arguments), identify=lambda each: each.id)


def _sorting(context: Context, arguments: Arguments) -> Any:
    values: dict[str, Any] = {
        "CREATED_AT": lambda each: each.created_at,
        "PROCESSED_AT": lambda each: each.created_at,
        "UPDATED_AT": lambda each: each.updated_at,
        "ORDER_NUMBER": lambda each: each.number,
        "FINANCIAL_STATUS": lambda each: each.financial_status,
        "FULFILLMENT_STATUS": lambda each: each.fulfillment_status,
        "CUSTOMER_NAME": lambda each: _buyer(context.shop, each),
        "TOTAL_PRICE": lambda each: int(money.total(each) * 100),
        "CURRENT_TOTAL_PRICE": lambda each: int(money.current_total(each) * 100),
    }
    return values.get(arguments.get("sortKey", "ID"), lambda each: each.id)


def _orders(source: None, context: Context, arguments: Arguments) -> Page[Order]:
    return _page(context, context.shop.state.orders, arguments)


def _orders_of_customer(customer: Customer, context: Context, arguments: Arguments) -> Page[Order]:
    return _page(context, context.shop.orders_of(customer), arguments)


def _count(source: None, context: Context, arguments: Arguments) -> Answer:
    search = parse_search(arguments.get("query"), order_index(context.shop))
    return {"count": sum(map(search.matches, _visible(context, context.shop.state.orders))), "precision": "EXACT"}


def _order(source: None, context: Context, arguments: Arguments) -> Order | None:
    order = context.shop.order(read_gid(arguments["id"], "Order"))
    return order if order and _visible(context, [order]) else None


def _bag(amount: Any) -> Resolver:
    """A resolver for a MoneyBag of the order."""
    return lambda order, context, arguments: money_bag(amount(order), context.shop, order)


def _line_items(order: Order | Checkout, context: Context, arguments: Arguments) -> Page[LineItem]:
    return page(order.items, arguments, sort_by=lambda each: each.id, identify=lambda each: each.id)


def _fulfillments(order: Order, context: Context, arguments: Arguments) -> list[Fulfillment]:
    return order.fulfillments[: arguments.get("first")]


def _tracking(parcel: Fulfillment, context: Context, arguments: Arguments) -> list[Tracking]:
    return parcel.tracking[: arguments.get("first")]


def _parcel_name(parcel: Fulfillment, context: Context, arguments: Arguments) -> str:
    order = next(each for each in context.shop.state.orders if parcel in each.fulfillments)
    return f"#{order.number}-F{order.fulfillments.index(parcel) + 1}"


def _parcel_quantity(parcel: Fulfillment, context: Context, arguments: Arguments) -> int:
    order = next(each for each in context.shop.state.orders if parcel in each.fulfillments)
    return sum(item.quantity for item in order.items)


def _variant(item: LineItem, context: Context, arguments: Arguments) -> Any:
    product = context.shop.product(item.product_id)
    if product is None:
        return None
    return next((each for each in product.variants if each.id == item.variant_id), None)


def _item_name(item: LineItem, context: Context, arguments: Arguments) -> str:
    return f"{item.title} - {item.variant_title}" if item.variant_title else item.title


def _item_image(item: LineItem, context: Context, arguments: Arguments) -> Answer | None:
    product = context.shop.product(item.product_id)
    if product is None:
        return None
    url = f"{context.shop.public_url}/images/{product.handle}.svg"
    return {"id": gid("ImageSource", product.id), "url": url, "altText": product.title, "width": 800, "height": 800}


def _unit_price(item: LineItem, context: Context, arguments: Arguments) -> Answer:
    return money_bag(item.price, context.shop, _order_of(context.shop, item))


def _line_price(item: LineItem, context: Context, arguments: Arguments) -> Answer:
    return money_bag(item.price * item.quantity, context.shop, _order_of(context.shop, item))


def _order_of(shop: Shop, item: LineItem) -> Order | None:
    return next((order for order in shop.state.orders if item in order.items), None)


def _checkouts(source: None, context: Context, arguments: Arguments) -> Page[Checkout]:
    index = Index[Checkout](
        fields={
            "id": lambda each: each.id,
            "created_at": lambda each: each.created_at,
            "updated_at": lambda each: each.updated_at,
            "email": lambda each: getattr(context.shop.customer(each.customer_id), "email", None),
            "status": lambda each: "closed" if each.completed_at else "open",
        },
        words=lambda each: [item.title for item in each.items],
    )
    search = parse_search(arguments.get("query"), index)
    warn_of(context, "abandonedCheckouts", arguments.get("query"), search.unknown_fields)
    found = [each for each in context.shop.state.checkouts if search.matches(each)]
    moments: dict[str, Any] = {"CREATED_AT": lambda each: each.created_at}
    sort_by = moments.get(arguments["sortKey"], lambda each: each.id)
    return page(found, arguments, sort_by=sort_by, identify=lambda each: each.id)


def _checkout_total(checkout: Checkout, context: Context, arguments: Arguments) -> Answer:
    return money_bag(money.total_of_items(checkout.items), context.shop)


FIELDS: dict[str, Resolver] = {
    "QueryRoot.order": _order,
    "QueryRoot.orders": _orders,
    "QueryRoot.ordersCount": _count,
    "QueryRoot.abandonedCheckouts": _checkouts,
    "Customer.orders": _orders_of_customer,
    "Order.id": record_gid,
    "Order.legacyResourceId": lambda order, context, arguments: order.id,
    "Order.name": lambda order, context, arguments: f"#{order.number}",
    "Order.processedAt": lambda order, context, arguments: order.created_at,
    "Order.customer": lambda order, context, arguments: context.shop.customer(order.customer_id),
    "Order.statusPageUrl": lambda order, context, arguments: context.shop.status_url(order),
    "Order.closed": lambda order, context, arguments: order.closed_at is not None,
    "Order.confirmed": lambda order, context, arguments: True,
    "Order.test": lambda order, context, arguments: False,
    "Order.sourceName": lambda order, context, arguments: "web",
    "Order.fullyPaid": lambda order, context, arguments: order.financial_status not in ("PENDING", "PARTIALLY_PAID"),
    "Order.unpaid": lambda order, context, arguments: order.financial_status == "PENDING",
    "Order.currencyCode": lambda order, context, arguments: context.shop.state.currency,
    "Order.presentmentCurrencyCode": lambda order, context, arguments: (
        order.presentment_currency or context.shop.state.currency
    ),
    "Order.displayFinancialStatus": lambda order, context, arguments: order.financial_status,
    "Order.displayFulfillmentStatus": lambda order, context, arguments: order.fulfillment_status,
    "Order.discountCode": lambda order, context, arguments: next(iter(order.discount_codes), None),
    "Order.customAttributes": lambda order, context, arguments: order.attributes,
    "Order.billingAddress": lambda order, context, arguments: order.address,
    "Order.shippingAddress": lambda order, context, arguments: order.address,
    "Order.subtotalLineItemsQuantity": lambda order, context, arguments: sum(item.quantity for item in order.items),
    "Order.currentTotalPriceSet": _bag(money.current_total),
    "Order.currentSubtotalPriceSet": _bag(money.subtotal),
    "Order.totalPriceSet": _bag(money.total),
    "Order.totalRefundedSet": _bag(lambda order: order.refunded),
    "Order.totalShippingPriceSet": _bag(lambda order: order.shipping_price),
    "Order.lineItems": _line_items,
    "Order.fulfillments": _fulfillments,
    "LineItem.id": record_gid,
    "LineItem.name": _item_name,
    "LineItem.currentQuantity": lambda item, context, arguments: item.quantity,
    "LineItem.originalUnitPriceSet": _unit_price,
    "LineItem.originalTotalSet": _line_price,
    "LineItem.image": _item_image,
    "LineItem.product": lambda item, context, arguments: context.shop.product(item.product_id),
    "LineItem.variant": _variant,
    "LineItem.vendor": lambda item, context, arguments: getattr(context.shop.product(item.product_id), "vendor", None),
    "Fulfillment.id": record_gid,
    "Fulfillment.legacyResourceId": lambda parcel, context, arguments: parcel.id,
    "Fulfillment.name": _parcel_name,
    "Fulfillment.totalQuantity": _parcel_quantity,
    "Fulfillment.updatedAt": lambda parcel, context, arguments: parcel.delivered_at or parcel.created_at,
    "Fulfillment.trackingInfo": _tracking,
    "AbandonedCheckout.id": record_gid,
    "AbandonedCheckout.name": lambda checkout, context, arguments: f"#{checkout.id}",
    "AbandonedCheckout.abandonedCheckoutUrl": lambda checkout, context, arguments: (
        f"{context.shop.public_url}/checkouts/{checkout.token}/recover"
    ),
    "AbandonedCheckout.customer": lambda checkout, context, arguments: context.shop.customer(checkout.customer_id),
    "AbandonedCheckout.lineItems": _line_items,
    "AbandonedCheckout.subtotalPriceSet": _checkout_total,
    "AbandonedCheckout.totalPriceSet": _checkout_total,
    "AbandonedCheckoutLineItem.id": lambda item, context, arguments: gid("AbandonedCheckoutLineItem", item.id),
    "AbandonedCheckoutLineItem.image": _item_image,
    "AbandonedCheckoutLineItem.product": lambda item, context, arguments: context.shop.product(item.product_id),
    "AbandonedCheckoutLineItem.variant": _variant,
    "AbandonedCheckoutLineItem.originalUnitPriceSet": _unit_price,
    "AbandonedCheckoutLineItem.originalTotalPriceSet": _line_price,
}
