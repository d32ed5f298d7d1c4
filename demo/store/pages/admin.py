"""The merchant's pages about customers: the list, one customer, and the note that is edited there."""

from demo.store import customers, money, orders
from demo.store.markup import Markup, el, join
from demo.store.pages.layout import (
    badge,
    base,
    button,
    card,
    definitions,
    document,
    header,
    moment,
    not_found,
    price,
    table,
    tone_of,
    words_of,
)
from demo.store.records import Customer, Order
from demo.store.resolvers.customers import amount_spent, customer_index, display_name
from demo.store.search import parse_search
from demo.store.shop import Shop
from demo.store.web import Request, Response, redirect
from demo.store.world import World


def admin_page(shop: Shop, title: str, active: str, *body: Markup, status: int = 200) -> Response:
    """A page of the admin."""
    links = [
        ("customers", f"{base(shop)}/admin/customers", "Customers"),
        ("orders", f"{base(shop)}/admin/orders", "Orders"),
        ("app", f"{base(shop)}/admin/app", "App and webhooks"),
        ("store", f"{base(shop)}/", "View store"),
        ("index", "/", "All shops"),
    ]
    return document(
        f"{title} · {shop.state.name}", header(shop.state.name, links, active), body, kind="admin", status=status
    )


async def show_customers(world: World, request: Request) -> Response:
    """GET …/admin/customers?q=: everybody, newest change first."""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return not_found("shop")
    asked = request.query.get("q", "")
    matches = parse_search(asked, customer_index(shop)).matches
    found = sorted(filter(matches, shop.state.customers), key=lambda each: each.updated_at, reverse=True)
    field = {
        "type": "search",
        "name": "q",
        "value": asked,
        "placeholder": "Name, e-mail, phone:+351…",
        "aria-label": "Search",
    }
    search = el("form", {"class": "search"}, el("input", field), el("button", None, "Search"))
    heads = ("Customer", "Note", "Location", "Orders", "Spent")
    rows = table(heads, [_row(shop, each) for each in found], "Nobody fits this search.")
    return admin_page(
        shop, "Customers", "customers", el("h1", None, "Customers"), search, card(None, rows, kind="flush")
    )


def _row(shop: Shop, customer: Customer) -> tuple[Markup, Markup, str, str, str]:
    name = el("a", {"href": f"{base(shop)}/admin/customers/{customer.id}", "dir": "auto"}, display_name(customer))
    contact = el("small", None, customer.email if customer.email != display_name(customer) else customer.phone)
    note = el("span", {"class": "clip", "dir": "auto"}, customer.note) if customer.note else join(())
    spent = amount_spent(shop, customer)
    return join((name, contact)), note, _location(customer), str(len(shop.orders_of(customer))), price(shop, spent)


def _location(customer: Customer) -> str:
    if not customer.addresses:
        return ""
    address = customer.addresses[0]
    return ", ".join(filter(None, (address.city, address.country)))


async def show_customer(world: World, request: Request) -> Response:
    """GET …/admin/customers/{id}"""
    shop = world.shops.get(request.path["shop"])
    customer = _asked_customer(shop, request)
    if shop is None or customer is None:
        return not_found("customer")
    return _customer_page(shop, customer, customer.note or "", is_saved="saved" in request.query)


def _customer_page(shop: Shop, customer: Customer, note: str, *, is_saved: bool = False, problem: str = "") -> Response:
    tags = [badge(tag, "good" if tag == "VIP" else "") for tag in customer.tags]
    title = el("h1", {"dir": "auto"}, display_name(customer), " ", *tags)
    left = el("div", {"class": "wide"}, _orders(shop, customer), _acts(shop, customer))
    right = el("div", {"class": "side"}, _note_form(shop, customer, note, is_saved, problem), _contact(shop, customer))
    body = (title, el("div", {"class": "columns"}, right, left))
    return admin_page(shop, display_name(customer), "customers", *body, status=422 if problem else 200)


def _note_form(shop: Shop, customer: Customer, note: str, is_saved: bool, problem: str) -> Markup:
    # A newline right after <textarea> is dropped by the browser, so a note that begins with one needs two.
    field = el("textarea", {"name": "note", "id": "note", "rows": 6, "dir": "auto"}, f"\n{note}")
    hint = el("p", {"class": "problem", "role": "alert"}, problem) if problem else None
    saved = el("span", {"class": "saved", "role": "status"}, "Saved") if is_saved else None
    label = el("label", {"for": "note", "class": "hidden"}, "Note")
    action = f"{base(shop)}/admin/customers/{customer.id}/note"
    row = el("p", {"class": "actions"}, el("button", {"class": "primary"}, "Save note"), saved)
    return card("Notes", el("form", {"method": "post", "action": action}, label, field, hint, row))


def _contact(shop: Shop, customer: Customer) -> Markup:
    address = customer.addresses[0] if customer.addresses else None
    lines: list[str | None] = []
    if address:
        place = " ".join(filter(None, (address.zip, address.city)))
        lines = [address.company, address.address1, address.address2, place, address.country]
    written = [join((line, el("br"))) for line in lines if line]
    facts = definitions(
        ("E-mail", customer.email),
        ("Phone", customer.phone),
        ("Address", el("span", {"dir": "auto"}, *written) if written else None),
        ("Phone of the address", address.phone if address and address.phone != customer.phone else None),
        ("Language", customer.locale),
        ("Since", moment(shop, customer.created_at)),
        ("Changed", moment(shop, customer.updated_at)),
        ("Id", el("code", None, str(customer.id))),
    )
    return card("Contact", facts)


def _orders(shop: Shop, customer: Customer) -> Markup:
    placed = sorted(shop.orders_of(customer), key=lambda each: each.created_at, reverse=True)
    heads = ("Order", "Placed", "Payment", "Fulfillment", "Total")
    return card("Orders", table(heads, [order_row(shop, order) for order in placed], "No orders yet."), kind="flush")


def order_row(shop: Shop, order: Order) -> tuple[Markup, Markup, Markup, Markup, str]:
    """One order as a row: name, time, payment, fulfillment, total."""
    name = el("a", {"href": f"{base(shop)}/admin/orders/{order.id}"}, f"#{order.number}")
    cancelled = badge("Cancelled", "bad") if order.cancelled_at else None
    return (
        join((name, " ", cancelled)),
        moment(shop, order.created_at),
        badge(words_of(order.financial_status), tone_of(order.financial_status)),
        badge(words_of(order.fulfillment_status), tone_of(order.fulfillment_status)),
        price(shop, money.total(order)),
    )


def _acts(shop: Shop, customer: Customer) -> Markup:
    here = f"{base(shop)}/admin/customers/{customer.id}"
    delete = None if shop.orders_of(customer) else button("Delete customer", f"{here}/delete", kind="danger")
    return card("Play", el("div", {"class": "actions"}, button("Place a test order", f"{here}/order"), delete))


async def save_note(world: World, request: Request) -> Response:
    """POST …/admin/customers/{id}/note: the text as the browser wrote it, CRLF and all."""
    shop = world.shops.get(request.path["shop"])
    customer = _asked_customer(shop, request)
    if shop is None or customer is None:
        return not_found("customer")
    note = request.form.get("note", "")
    errors = customers.edit_customer(shop=shop, customer=customer, changes={"note": note}, by="merchant")
    if errors:
        return _customer_page(shop, customer, note, problem=errors[0].message)
    return redirect(f"{base(shop)}/admin/customers/{customer.id}?saved")


async def place_test_order(world: World, request: Request) -> Response:
    """POST …/admin/customers/{id}/order: one of the first product."""
    shop = world.shops.get(request.path["shop"])
    customer = _asked_customer(shop, request)
    if shop is None or customer is None:
        return not_found("customer")
    orders.place_order(shop=shop, customer=customer, lines={shop.state.products[0].variants[0].id: 1})
    return redirect(f"{base(shop)}/admin/customers/{customer.id}")


async def delete_customer(world: World, request: Request) -> Response:
    """POST …/admin/customers/{id}/delete"""
    shop = world.shops.get(request.path["shop"])
    customer = _asked_customer(shop, request)
    if shop is None or customer is None:
        return not_found("customer")
    errors = customers.delete_customer(shop=shop, customer=customer)
    if errors:
        return _customer_page(shop, customer, customer.note or "", problem=errors[0].message)
    return redirect(f"{base(shop)}/admin/customers")


def _asked_customer(shop: Shop | None, request: Request) -> Customer | None:
    number = request.path["number"]
    return shop.customer(int(number)) if shop and number.isdigit() else None
