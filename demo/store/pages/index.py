"""The list of shops, with what one needs to connect to each."""

from demo.store.markup import Markup, el
from demo.store.pages.layout import base, card, definitions, document, header
from demo.store.shop import Shop
from demo.store.web import Request, Response
from demo.store.world import World


async def show_index(world: World, request: Request) -> Response:
    """GET /"""
    intro = el(
        "p", {"class": "intro"}, "Shops that stand in for Shopify: the same GraphQL API, the same signed webhooks."
    )
    shops = [_shop(shop) for shop in world.shops.values()]
    return document(
        "Shops", header("Pretend Shopify", [], ""), [intro, el("div", {"class": "grid"}, *shops)], kind="index"
    )


def _shop(shop: Shop) -> Markup:
    state = shop.state
    facts = definitions(
        ("Shop", el("code", None, state.domain)),
        ("Token", el("code", None, state.tokens[0].value)),
        ("Secret", el("code", None, state.secrets[0])),
        ("Customers", str(len(state.customers))),
        ("Orders", str(len(state.orders))),
    )
    links = el(
        "p",
        {"class": "links"},
        el("a", {"class": "primary", "href": f"{base(shop)}/admin/customers"}, "Admin"),
        el("a", {"href": f"{base(shop)}/"}, "Storefront"),
    )
    return card(state.name, facts, links)
