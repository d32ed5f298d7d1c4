"""The merchant's other pages: orders, and the connected app with its webhooks."""

from demo.store import money, orders
from demo.store.journal import Delivery
from demo.store.markup import Markup, el, join
from demo.store.pages.admin import admin_page, order_row
from demo.store.pages.layout import (
    badge,
    base,
    button,
    card,
    definitions,
    moment,
    not_found,
    price,
    table,
    tone_of,
    words_of,
)
from demo.store.records import Fulfillment, Order
from demo.store.resolvers.customers import display_name
from demo.store.resolvers.shop import uninstall
from demo.store.shop import Shop
from demo.store.web import Request, Response, redirect
from demo.store.world import World

SHOWN_DELIVERIES = 30


async def show_orders(world: World, request: Request) -> Response:
    """GET …/admin/orders: newest first."""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return not_found("shop")
    placed = sorted(shop.state.orders, key=lambda each: each.created_at, reverse=True)
    rows = [(_buyer(shop, order), *order_row(shop, order)) for order in placed]
    heads = ("Customer", "Order", "Placed", "Payment", "Fulfillment", "Total")
    listed = card(None, table(heads, rows, "No orders yet."), kind="flush")
    return admin_page(shop, "Orders", "orders", el("h1", None, "Orders"), listed)


def _buyer(shop: Shop, order: Order) -> Markup:
    customer = shop.customer(order.customer_id)
    if customer is None:
        return join((order.email or "Guest",))
    return el("a", {"href": f"{base(shop)}/admin/customers/{customer.id}", "dir": "auto"}, display_name(customer))


async def show_order(world: World, request: Request) -> Response:
    """GET …/admin/orders/{id}"""
    shop = world.shops.get(request.path["shop"])
    order = _asked_order(shop, request)
    if shop is None or order is None:
        return not_found("order")
    rows = [
        (item.title, item.variant_title or "", str(item.quantity), price(shop, item.price * item.quantity))
        for item in order.items
    ]
    items = card(
        "Items", table(("Product", "Variant", "Quantity", "Price"), rows, "Nothing."), _sums(shop, order), kind="flush"
    )
    parcels = [card("Parcel", _parcel(shop, parcel)) for parcel in order.fulfillments]
    left = el("div", {"class": "wide"}, items, *parcels)
    right = el("div", {"class": "side"}, _facts(shop, order), _acts(shop, order))
    title = el("h1", None, f"Order #{order.number}")
    return admin_page(shop, f"#{order.number}", "orders", title, el("div", {"class": "columns"}, right, left))


def _sums(shop: Shop, order: Order) -> Markup:
    return definitions(
        ("Discount", f"−{price(shop, order.discount)}" if order.discount else None),
        ("Shipping", price(shop, order.shipping_price) if order.shipping_price else None),
        ("Total", price(shop, money.total(order))),
        ("Refunded", price(shop, order.refunded) if order.refunded else None),
    )


def _facts(shop: Shop, order: Order) -> Markup:
    facts = definitions(
        ("Customer", _buyer(shop, order)),
        ("Placed", moment(shop, order.created_at)),
        ("Payment", badge(words_of(order.financial_status), tone_of(order.financial_status))),
        ("Fulfillment", badge(words_of(order.fulfillment_status), tone_of(order.fulfillment_status))),
        ("Cancelled", moment(shop, order.cancelled_at) if order.cancelled_at else None),
        ("Note", order.note),
        ("Codes", ", ".join(order.discount_codes)),
        ("Id", el("code", None, str(order.id))),
    )
    return card("Order", facts)


def _parcel(shop: Shop, parcel: Fulfillment) -> Markup:
    numbers = [f"{each.company} {each.number}" for each in parcel.tracking]
    return definitions(
        ("State", badge(words_of(parcel.display_status), tone_of(parcel.display_status))),
        ("Tracking", ", ".join(numbers)),
        ("Sent", moment(shop, parcel.created_at)),
        ("Expected", moment(shop, parcel.estimated_delivery_at)),
    )


def _acts(shop: Shop, order: Order) -> Markup:
    here = f"{base(shop)}/admin/orders/{order.id}"
    paid = button("Mark as paid", here, ("financial_status", "PAID"))
    sent = button("Mark as fulfilled", here, ("fulfillment_status", "FULFILLED"))
    return card("Play", el("div", {"class": "actions"}, paid, sent))


async def change_order(world: World, request: Request) -> Response:
    """POST …/admin/orders/{id}: the changed statuses."""
    shop = world.shops.get(request.path["shop"])
    order = _asked_order(shop, request)
    if shop is None or order is None:
        return not_found("order")
    changes = {name: value for name, value in request.form.items() if name in orders.CHANGEABLE}
    orders.change_order(shop=shop, order=order, changes=changes)
    return redirect(f"{base(shop)}/admin/orders/{order.id}")


async def show_app(world: World, request: Request) -> Response:
    """GET …/admin/app: is the app installed, what does it listen to, and what was sent."""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return not_found("shop")
    heads = ("Topic", "Address")
    subscriptions = [(each.topic, each.uri) for each in shop.state.subscriptions]
    listed = card("Subscriptions", table(heads, subscriptions, "The app listens to nothing yet."), kind="flush")
    newest = list(shop.journal.deliveries)[: -SHOWN_DELIVERIES - 1 : -1]
    columns = ("Sent", "Topic", "State", "Answers", "Id")
    rows = [_sent(shop, each) for each in newest]
    sent = card("Webhooks since the last start", table(columns, rows, "None yet."), kind="flush")
    left = el("div", {"class": "wide"}, listed, sent)
    right = el("div", {"class": "side"}, _app(shop))
    title = el("h1", None, "App and webhooks")
    return admin_page(shop, "App", "app", title, el("div", {"class": "columns"}, right, left))


def _app(shop: Shop) -> Markup:
    is_live = any(token.is_live for token in shop.state.tokens)
    facts = definitions(
        ("State", badge("Installed", "good") if is_live else badge("Not installed", "bad")),
        ("Token", el("code", None, shop.state.tokens[0].value)),
        ("Secret", el("code", None, shop.state.secrets[0])),
        ("API calls", str(sum(shop.journal.requests.values()))),
    )
    words, verb = ("Uninstall the app", "uninstall") if is_live else ("Install again", "install")
    act = button(words, f"{base(shop)}/admin/app", ("verb", verb), kind="danger" if is_live else "primary")
    return card("Helpdesk", facts, act)


def _sent(shop: Shop, delivery: Delivery) -> tuple[Markup, str, Markup, str, Markup]:
    answers = ", ".join(str(each) for each in delivery.attempts)
    state = badge(delivery.state.capitalize(), tone_of(delivery.state))
    return (
        moment(shop, delivery.triggered_at),
        delivery.topic,
        state,
        answers,
        el("code", None, delivery.webhook_id[:8]),
    )


async def change_app(world: World, request: Request) -> Response:
    """POST …/admin/app: uninstall or install again."""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return not_found("shop")
    if request.form.get("verb") == "uninstall":
        uninstall(shop)
    else:
        for token in shop.state.tokens:
            token.is_live = True
    world.keep()
    return redirect(f"{base(shop)}/admin/app")


def _asked_order(shop: Shop | None, request: Request) -> Order | None:
    number = request.path["number"]
    return shop.order(int(number)) if shop and number.isdigit() else None
