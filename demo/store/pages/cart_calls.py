"""What a theme's scripts and forms call: cart.js and its kin, and discount links."""

from typing import Any

from demo.store import carts
from demo.store.pages.layout import base, not_found
from demo.store.records import Cart
from demo.store.shop import Shop
from demo.store.web import Request, Response, as_json, redirect
from demo.store.world import World


async def read_cart(world: World, request: Request) -> Response:
    """GET …/cart.js"""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return not_found("shop")
    cart = carts.open_cart(shop, request.cookie(carts.COOKIE))
    return as_json(carts.cart_body(shop, cart), headers=_cookie(shop, cart))


async def add_to_cart(world: World, request: Request) -> Response:
    """POST …/cart/add (a form, back to the cart) and …/cart/add.js (JSON `{id, quantity}` or `{items: […]}`)."""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return not_found("shop")
    cart, asked = carts.open_cart(shop, request.cookie(carts.COOKIE)), _asked(request)
    try:
        for line in asked.get("items", [asked]):
            number = int(line["id"])
            carts.change_line(shop, cart, number, cart.lines.get(number, 0) + int(line.get("quantity", 1)))
    except (KeyError, ValueError, TypeError):
        return _no_such_line()
    return _answer(world, shop, cart, request)


async def change_cart(world: World, request: Request) -> Response:
    """POST …/cart/change.js: `{id, quantity}`, where the quantity is the new one."""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return not_found("shop")
    cart, asked = carts.open_cart(shop, request.cookie(carts.COOKIE)), _asked(request)
    try:
        carts.change_line(shop, cart, int(str(asked["id"]).partition(":")[0]), int(asked["quantity"]))
    except (KeyError, ValueError):
        return _no_such_line()
    return _answer(world, shop, cart, request)


async def update_cart(world: World, request: Request) -> Response:
    """POST …/cart/update.js: `{note, attributes, updates: {id: quantity}}`."""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return not_found("shop")
    cart, asked = carts.open_cart(shop, request.cookie(carts.COOKIE)), _asked(request)
    cart.note = str(asked.get("note", cart.note) or "")
    cart.attributes |= {str(name): str(value) for name, value in asked.get("attributes", {}).items()}
    try:
        for number, quantity in asked.get("updates", {}).items():
            carts.change_line(shop, cart, int(number), int(quantity))
    except (KeyError, ValueError):
        return _no_such_line()
    return _answer(world, shop, cart, request)


async def clear_cart(world: World, request: Request) -> Response:
    """POST …/cart/clear.js"""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return not_found("shop")
    cart = carts.open_cart(shop, request.cookie(carts.COOKIE))
    cart.lines.clear()
    return _answer(world, shop, cart, request)


async def use_discount(world: World, request: Request) -> Response:
    """GET …/discount/{code}?redirect=/…: remember the code, go on within the shop."""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return not_found("shop")
    cart = carts.open_cart(shop, request.cookie(carts.COOKIE))
    cart.discount_code = request.path["code"]
    world.keep()
    return redirect(f"{base(shop)}/{request.query.get('redirect', '').lstrip('/')}", _cookie(shop, cart))


def _asked(request: Request) -> dict[str, Any]:
    if "json" not in request.headers.get("content-type", ""):
        return dict(request.form)
    try:
        asked = request.json()
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


def _answer(world: World, shop: Shop, cart: Cart, request: Request) -> Response:
    world.keep()
    if request.url.endswith(".js"):
        return as_json(carts.cart_body(shop, cart), headers=_cookie(shop, cart))
    return redirect(f"{base(shop)}/cart", _cookie(shop, cart))


def _no_such_line() -> Response:
    return as_json({"status": 404, "message": "Cart Error", "description": "Cannot find variant"}, 404)


def _cookie(shop: Shop, cart: Cart) -> tuple[tuple[str, str], ...]:
    return (("set-cookie", f"{carts.COOKIE}={cart.token}; Path={base(shop)}; SameSite=Lax; Max-Age=1209600"),)
