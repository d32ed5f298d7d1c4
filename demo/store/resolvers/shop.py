"""The shop itself, the app's installation, and any record by its global id."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from graphql import GraphQLError

from demo.store import clock, payloads
from demo.store.payloads import gid
from demo.store.resolvers.asking import Answer, Arguments, Context, Resolver
from demo.store.shop import Shop, new_event

API_VERSION = "2026-10"
APP = {"kind": "App", "id": gid("App", 1), "handle": "helpdesk-demo", "title": "Helpdesk (demo)"}


def _shop(source: None, context: Context, arguments: Arguments) -> Shop:
    return context.shop


def _plan(shop: Shop, context: Context, arguments: Arguments) -> Answer:
    return {"publicDisplayName": shop.state.plan, "partnerDevelopment": True, "shopifyPlus": False}


def _domain(shop: Shop, context: Context, arguments: Arguments) -> Answer:
    host = urlsplit(shop.public_url).netloc
    return {"id": gid("Domain", shop.state.id), "host": host, "sslEnabled": False, "url": shop.public_url}


def _offset(shop: Shop) -> int:
    offset = clock.now().astimezone(ZoneInfo(shop.state.timezone)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _offset_text(shop: Shop, context: Context, arguments: Arguments) -> str:
    seconds = _offset(shop)
    return f"{'-' if seconds < 0 else '+'}{abs(seconds) // 3600:02d}{abs(seconds) % 3600 // 60:02d}"


def _zone_name(shop: Shop, context: Context, arguments: Arguments) -> str:
    return datetime.now(ZoneInfo(shop.state.timezone)).strftime("%Z")


def _installation(source: None, context: Context, arguments: Arguments) -> Answer:
    scopes = [{"handle": scope, "description": scope.replace("_", " ")} for scope in sorted(context.scopes)]
    return {
        "kind": "AppInstallation",
        "id": gid("AppInstallation", context.shop.state.id),
        "accessScopes": scopes,
        "app": APP,
    }


def _versions(source: None, context: Context, arguments: Arguments) -> list[Answer]:
    return [{"handle": API_VERSION, "displayName": f"{API_VERSION} (Latest)", "supported": True}]


def _node(source: None, context: Context, arguments: Arguments) -> Any:
    return find_node(context, arguments["id"])


def _nodes(source: None, context: Context, arguments: Arguments) -> list[Any]:
    if len(arguments["ids"]) > 250:
        text = "The input array size of 251 or more is greater than the maximum allowed of 250."
        raise GraphQLError(text, extensions={"code": "MAX_INPUT_SIZE_EXCEEDED"})
    return [find_node(context, each) for each in arguments["ids"]]


def find_node(context: Context, value: str) -> Any:
    """The record of a global id, or None when there is none; a text that is no global id is refused."""
    match = re.fullmatch(r"gid://shopify/(\w+)/(\d+)", value)
    if match is None:
        raise GraphQLError(f"Invalid global id '{value}'", extensions={"code": "INVALID_VARIABLE"})
    kind, number = match[1], int(match[2])
    state = context.shop.state
    tables: dict[str, list[Any]] = {
        "Customer": [*state.customers],
        "Order": [*state.orders],
        "Product": [*state.products],
        "AbandonedCheckout": [*state.checkouts],
        "WebhookSubscription": [*state.subscriptions],
    }
    return next((each for each in tables.get(kind, ()) if each.id == number), None)


def uninstall(shop: Shop) -> None:
    """The app leaves: its tokens die and its subscriptions go, after they were told."""
    shop.announce("app/uninstalled", payloads.shop_body(shop.state), new_event())
    for token in shop.state.tokens:
        token.is_live = False
    shop.state.subscriptions.clear()


def _uninstall(source: None, context: Context, arguments: Arguments) -> Answer:
    uninstall(context.shop)
    return {"app": APP, "userErrors": []}


FIELDS: dict[str, Resolver] = {
    "QueryRoot.shop": _shop,
    "QueryRoot.currentAppInstallation": _installation,
    "QueryRoot.publicApiVersions": _versions,
    "QueryRoot.node": _node,
    "QueryRoot.nodes": _nodes,
    "Mutation.appUninstall": _uninstall,
    "Shop.id": lambda shop, context, arguments: gid("Shop", shop.state.id),
    "Shop.contactEmail": lambda shop, context, arguments: shop.state.email,
    "Shop.createdAt": lambda shop, context, arguments: shop.state.created_at,
    "Shop.currencyCode": lambda shop, context, arguments: shop.state.currency,
    "Shop.description": lambda shop, context, arguments: None,
    "Shop.email": lambda shop, context, arguments: shop.state.email,
    "Shop.enabledPresentmentCurrencies": lambda shop, context, arguments: [shop.state.currency],
    "Shop.ianaTimezone": lambda shop, context, arguments: shop.state.timezone,
    "Shop.myshopifyDomain": lambda shop, context, arguments: shop.state.domain,
    "Shop.name": lambda shop, context, arguments: shop.state.name,
    "Shop.plan": _plan,
    "Shop.primaryDomain": _domain,
    "Shop.shopOwnerName": lambda shop, context, arguments: shop.state.owner,
    "Shop.timezoneAbbreviation": _zone_name,
    "Shop.timezoneOffset": _offset_text,
    "Shop.timezoneOffsetMinutes": lambda shop, context, arguments: _offset(shop) // 60,
    "Shop.updatedAt": lambda shop, context, arguments: shop.state.created_at,
    "Shop.url": lambda shop, context, arguments: shop.public_url,
}
