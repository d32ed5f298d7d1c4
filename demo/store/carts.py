"""A visitor's cart: kept under the token in their cookie, written as the storefront's cart.js writes it."""

import secrets
from typing import Any

from demo.store.orders import variant_of, variant_title
from demo.store.records import Cart
from demo.store.shop import Shop

COOKIE = "cart"


def cart_of(shop: Shop, token: str) -> Cart | None:
    """The cart of that token."""
    return next((each for each in shop.state.carts if each.token == token), None)


def open_cart(shop: Shop, token: str) -> Cart:
    """The cart of that token, or a new one with a token of its own."""
    cart = cart_of(shop, token)
    if cart is None:
        cart = Cart(secrets.token_hex(16))
        shop.state.carts.append(cart)
    return cart


def change_line(shop: Shop, cart: Cart, variant_id: int, quantity: int) -> None:
    """Set how many of a variant there are; none takes it out. KeyError for a variant nobody knows."""
    variant_of(shop, variant_id)
    if quantity > 0:
        cart.lines[variant_id] = quantity
    else:
        cart.lines.pop(variant_id, None)


def cart_body(shop: Shop, cart: Cart) -> dict[str, Any]:
    """The answer of `GET cart.js`: prices in the smallest unit of the currency."""
    items = [_item(shop, number, quantity) for number, quantity in cart.lines.items()]
    total = sum(item["final_line_price"] for item in items)
    return {
        "token": cart.token,
        "note": cart.note or None,
        "attributes": cart.attributes,
        "original_total_price": total,
        "total_price": total,
        "total_discount": 0,
        "item_count": sum(item["quantity"] for item in items),
        "items": items,
        "requires_shipping": bool(items),
        "currency": shop.state.currency,
    }


def _item(shop: Shop, number: int, quantity: int) -> dict[str, Any]:
    product, variant = variant_of(shop, number)
    price, own = int(variant.price * 100), variant_title(variant)
    return {
        "id": variant.id,
        "key": f"{variant.id}:1",
        "variant_id": variant.id,
        "product_id": product.id,
        "title": f"{product.title} - {own}" if own else product.title,
        "product_title": product.title,
        "variant_title": own,
        "sku": variant.sku,
        "quantity": quantity,
        "price": price,
        "final_line_price": price * quantity,
        "url": f"{shop.public_url}/products/{product.handle}?variant={variant.id}",
        "image": f"{shop.public_url}/images/{product.handle}.svg",
        "properties": {},
    }
