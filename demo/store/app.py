"""The pretend store as one ASGI application: every address it answers, on one screen."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from demo.store.api import answer_graphql
from demo.store.control import show_control, work_control, work_global_control
from demo.store.pages import admin, cart_calls, index, office, pictures, storefront
from demo.store.web import Request, Response, Router, as_json, redirect
from demo.store.world import World

Page: TypeAlias = Callable[[World, Request], Awaitable[Response]]

STYLES = Path(__file__).with_name("store.css")
SHOP = "/shops/{shop}"


async def show_styles(world: World, request: Request) -> Response:
    """GET /static/store.css"""
    return Response(STYLES.read_bytes(), content_type="text/css; charset=utf-8")


async def show_health(world: World, request: Request) -> Response:
    """GET /healthz"""
    return as_json({"shops": sorted(world.shops)})


async def go_to_index(world: World, request: Request) -> Response:
    """GET /admin/"""
    return redirect("/")


async def go_to_customers(world: World, request: Request) -> Response:
    """GET …/admin"""
    return redirect(f"/shops/{request.path['shop']}/admin/customers")


async def go_to_storefront(world: World, request: Request) -> Response:
    """GET /shops/{shop} without the last slash."""
    return redirect(f"/shops/{request.path['shop']}/")


ROUTES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/", index.show_index),
    ("GET", "/admin/?", go_to_index),
    ("GET", "/healthz", show_health),
    ("GET", "/static/store.css", show_styles),
    ("POST", "/control", work_global_control),
    ("POST", SHOP + "/admin/api/{version}/graphql.json", answer_graphql),
    ("GET", SHOP + "/control", show_control),
    ("POST", SHOP + "/control", work_control),
    ("GET", SHOP + "/admin/?", go_to_customers),
    ("GET", SHOP + "/admin/customers", admin.show_customers),
    ("GET", SHOP + "/admin/customers/{number}", admin.show_customer),
    ("POST", SHOP + "/admin/customers/{number}/note", admin.save_note),
    ("POST", SHOP + "/admin/customers/{number}/order", admin.place_test_order),
    ("POST", SHOP + "/admin/customers/{number}/delete", admin.delete_customer),
    ("GET", SHOP + "/admin/orders", office.show_orders),
    ("GET", SHOP + "/admin/orders/{number}", office.show_order),
    ("POST", SHOP + "/admin/orders/{number}", office.change_order),
    ("GET", SHOP + "/admin/app", office.show_app),
    ("POST", SHOP + "/admin/app", office.change_app),
    ("GET", SHOP + "", go_to_storefront),
    ("GET", SHOP + "/", storefront.show_products),
    ("GET", SHOP + "/products/{handle}", storefront.show_product),
    ("GET", SHOP + "/images/{name}.svg", pictures.show_picture),
    ("GET", SHOP + "/images/{name}.png", pictures.show_tile),
    ("GET", SHOP + "/cart", storefront.show_cart),
    ("GET", SHOP + "/cart.js", cart_calls.read_cart),
    ("POST", SHOP + r"/cart/add(?:\.js)?", cart_calls.add_to_cart),
    ("POST", SHOP + "/cart/change.js", cart_calls.change_cart),
    ("POST", SHOP + "/cart/update.js", cart_calls.update_cart),
    ("POST", SHOP + "/cart/clear.js", cart_calls.clear_cart),
    ("GET", SHOP + "/discount/{code}", cart_calls.use_discount),
    ("POST", SHOP + "/checkout", storefront.check_out),
    ("GET", SHOP + "/orders/{token}", storefront.show_status),
)


def application(world: World) -> Router:
    """The program around these shops."""
    router = Router()
    for method, pattern, answer in ROUTES:
        router.add(method, pattern, partial(answer, world))
    return router
