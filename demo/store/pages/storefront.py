"""The shopper's pages: products, a cart, a pretended checkout, and how an order stands."""

from decimal import Decimal

from demo.store import carts, customers, money, orders
from demo.store.markup import Markup, el, join
from demo.store.pages.layout import (
    badge,
    base,
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
from demo.store.records import Cart, Customer, Product
from demo.store.shop import Shop
from demo.store.web import Request, Response, redirect
from demo.store.world import World


def shopfront(shop: Shop, title: str, active: str, *body: Markup, cart: Cart | None = None) -> Response:
    """A page of the storefront."""
    count = sum(cart.lines.values()) if cart else 0
    links = [
        ("products", f"{base(shop)}/", "Products"),
        ("cart", f"{base(shop)}/cart", f"Cart ({count})" if count else "Cart"),
        ("index", f"{base(shop)}/admin/customers", "Admin"),
    ]
    return document(f"{title} · {shop.state.name}", header(shop.state.name, links, active), body, kind="shopfront")


async def show_products(world: World, request: Request) -> Response:
    """GET …/: everything there is."""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return not_found("shop")
    tiles = [_tile(shop, each) for each in shop.state.products if each.status == "ACTIVE"]
    cart = carts.cart_of(shop, request.cookie(carts.COOKIE))
    return shopfront(
        shop, "Products", "products", el("h1", None, shop.state.name), el("div", {"class": "grid"}, *tiles), cart=cart
    )


def _tile(shop: Shop, product: Product) -> Markup:
    link = f"{base(shop)}/products/{product.handle}"
    lowest = min(each.price for each in product.variants)
    from_word = "from " if any(each.price != lowest for each in product.variants) else ""
    return el(
        "article",
        {"class": "tile"},
        el("a", {"href": link}, _picture(shop, product), el("h2", None, product.title)),
        el("p", None, f"{from_word}{price(shop, lowest)}"),
    )


def _picture(shop: Shop, product: Product) -> Markup:
    return el("img", {"src": f"{base(shop)}/images/{product.handle}.svg", "alt": "", "width": 320, "height": 320})


async def show_product(world: World, request: Request) -> Response:
    """GET …/products/{handle}"""
    shop = world.shops.get(request.path["shop"])
    product = (
        next((each for each in shop.state.products if each.handle == request.path["handle"]), None) if shop else None
    )
    if shop is None or product is None:
        return not_found("product")
    options = [
        el(
            "option",
            {"value": each.id, "disabled": each.inventory <= 0},
            _choice(shop, each.title, each.price, each.inventory),
        )
        for each in product.variants
    ]
    choose = el("select", {"name": "id", "id": "variant"}, *options)
    label = el("label", {"for": "variant"}, product.option if len(options) > 1 else "Price")
    send = el("button", {"class": "primary"}, "Add to cart")
    form = el("form", {"method": "post", "action": f"{base(shop)}/cart/add", "class": "buy"}, label, choose, send)
    about = el("div", None, el("h1", None, product.title), el("p", None, product.description), form)
    cart = carts.cart_of(shop, request.cookie(carts.COOKIE))
    return shopfront(
        shop, product.title, "products", el("div", {"class": "product"}, _picture(shop, product), about), cart=cart
    )


def _choice(shop: Shop, title: str, amount: Decimal, inventory: int) -> str:
    words = [] if title == "Default Title" else [title]
    return " · ".join([*words, price(shop, amount), *([] if inventory > 0 else ["sold out"])])


async def show_cart(world: World, request: Request) -> Response:
    """GET …/cart"""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return not_found("shop")
    cart = carts.cart_of(shop, request.cookie(carts.COOKIE))
    lines = [(*orders.variant_of(shop, number), quantity) for number, quantity in cart.lines.items()] if cart else []
    rows = [
        (product.title, orders.variant_title(variant) or "", str(quantity), price(shop, variant.price * quantity))
        for product, variant, quantity in lines
    ]
    total = sum((variant.price * quantity for _, variant, quantity in lines), start=Decimal(0))
    listed = card(None, table(("Product", "Variant", "Quantity", "Price"), rows, "The cart is empty."), kind="flush")
    checkout = _checkout(shop, total, cart) if rows else join(())
    return shopfront(shop, "Cart", "cart", el("h1", None, "Cart"), listed, checkout, cart=cart)


def _checkout(shop: Shop, total: Decimal, cart: Cart | None) -> Markup:
    code = cart.discount_code if cart else ""
    facts = definitions(("Total", price(shop, total)), ("Code", code))
    field = el(
        "input",
        {"type": "email", "name": "email", "id": "email", "required": True, "placeholder": "you@shopper.example"},
    )
    label = el("label", {"for": "email"}, "Your e-mail address")
    send = el("button", {"class": "primary"}, "Place the pretended order")
    form = el("form", {"method": "post", "action": f"{base(shop)}/checkout", "class": "buy"}, label, field, send)
    return card("Checkout", facts, form)


async def check_out(world: World, request: Request) -> Response:
    """POST …/checkout: the cart becomes a paid order of the customer with that e-mail address, old or new."""
    shop = world.shops.get(request.path["shop"])
    cart = carts.cart_of(shop, request.cookie(carts.COOKIE)) if shop else None
    if shop is None or cart is None or not cart.lines:
        return not_found("cart")
    customer = _shopper(shop, request.form.get("email", ""))
    if customer is None:
        return not_found("e-mail address")
    order = orders.place_order(
        shop=shop, customer=customer, lines=cart.lines, cart_token=cart.token, attributes=cart.attributes
    )
    shop.state.carts.remove(cart)
    return redirect(f"{base(shop)}/orders/{order.token}")


def _shopper(shop: Shop, email: str) -> Customer | None:
    known = next((each for each in shop.state.customers if each.email == email.strip()), None)
    return known or customers.add_customer(shop=shop, values={"email": email}, by="shopper")[0]


async def show_status(world: World, request: Request) -> Response:
    """GET …/orders/{token}: for whoever holds the link."""
    shop = world.shops.get(request.path["shop"])
    order = next((each for each in shop.state.orders if each.token == request.path["token"]), None) if shop else None
    if shop is None or order is None:
        return not_found("order")
    items = [(item.title, str(item.quantity), price(shop, item.price * item.quantity)) for item in order.items]
    parcels = [f"{each.company} {each.number}" for parcel in order.fulfillments for each in parcel.tracking]
    facts = definitions(
        ("Placed", moment(shop, order.created_at)),
        ("State", badge(words_of(order.fulfillment_status), tone_of(order.fulfillment_status))),
        ("Tracking", ", ".join(parcels)),
        ("Total", price(shop, money.total(order))),
    )
    listed = card(None, table(("Product", "Quantity", "Price"), items, "Nothing."), kind="flush")
    return shopfront(
        shop, f"Order #{order.number}", "", el("h1", None, f"Order #{order.number}"), card(None, facts), listed
    )
