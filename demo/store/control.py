"""`/shops/{shop}/control`: make a shop misbehave, act as its merchant, and read what happened.

POST takes one JSON object whose keys are verbs (VERBS below); they are worked in the order in which they stand. GET,
and every POST, answers the journal. `GET …/control?settle=2` first waits up to 2 seconds until no webhook is left.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias

from demo.store import acting
from demo.store.acting import BadVerb, Options
from demo.store.mischief import (
    CallFault,
    Delay,
    Duplicate,
    ForeignNote,
    Hang,
    HookFault,
    Loss,
    Refusal,
    Reorder,
    Throttle,
    WrongSignature,
)
from demo.store.records import Token
from demo.store.seeding import ALL_SCOPES
from demo.store.shop import Shop
from demo.store.web import Request, Response, as_json
from demo.store.world import DEFAULT_TOPICS, World, subscribe

Verb: TypeAlias = Callable[[World, Shop, Any], object]


async def show_control(world: World, request: Request) -> Response:
    """GET: the journal, what is still planned, and the subscriptions."""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return as_json({"error": "no such shop"}, 404)
    await _settle(world, shop, float(request.query.get("settle", 0)))
    return as_json(_report(world, shop))


async def work_control(world: World, request: Request) -> Response:
    """POST: work the verbs, then answer as GET does; 400 says what is wrong with a verb."""
    shop = world.shops.get(request.path["shop"])
    if shop is None:
        return as_json({"error": "no such shop"}, 404)
    try:
        return _work(world, shop, request.json())
    except ValueError as error:
        return as_json({"error": f"the body is no JSON: {error}"}, 400)


async def work_global_control(world: World, request: Request) -> Response:
    """POST /control: the same verbs for every shop; `{"reset": true}` between two tests."""
    reports = [_work(world, shop, request.json()) for shop in world.shops.values()]
    bad = next((each for each in reports if each.status != 200), None)
    return bad or as_json({"shops": sorted(world.shops)})


def _work(world: World, shop: Shop, verbs: Any) -> Response:
    if not isinstance(verbs, dict):
        return as_json({"error": "the body must be an object of verbs"}, 400)
    for name, options in verbs.items():
        if name not in VERBS:
            return as_json({"error": f"unknown verb {name}", "verbs": sorted(VERBS)}, 400)
        try:
            VERBS[name](world, shop, options)
        except (BadVerb, TypeError, KeyError, AttributeError, ValueError) as error:
            return as_json({"error": f"{name}: {error}"}, 400)
    world.keep()
    return as_json(_report(world, shop))


async def _settle(world: World, shop: Shop, seconds: float) -> None:
    ends_at = asyncio.get_running_loop().time() + seconds
    while world.deliverer.pending(shop) and asyncio.get_running_loop().time() < ends_at:  # noqa: ASYNC110  a test waits
        await asyncio.sleep(0.01)


def _report(world: World, shop: Shop) -> dict[str, Any]:
    state = shop.state
    return {
        "shop": state.domain,
        **shop.journal.report(),
        **shop.mischief.report(),
        "pending_webhooks": world.deliverer.pending(shop),
        "bucket": shop.bucket.status(),
        "tokens": [vars(token) for token in state.tokens],
        "subscriptions": [{"id": str(each.id), "topic": each.topic, "uri": each.uri} for each in state.subscriptions],
        "customers": len(state.customers),
        "orders": len(state.orders),
    }


def _call_fault(sort: type[CallFault]) -> Verb:
    return lambda world, shop, options: shop.mischief.call_faults.append(sort(**_options(options)))


def _hook_fault(sort: type[HookFault]) -> Verb:
    return lambda world, shop, options: shop.mischief.hook_faults.append(sort(**_options(options)))


def _options(options: Any) -> Options:
    """`{"throttle": 3}` and `{"throttle": true}` are short for a count."""
    if isinstance(options, bool):
        return {}
    return {"count": options} if isinstance(options, int) else options


def _reset(world: World, shop: Shop, options: Any) -> None:
    world.reset(shop)


def _bucket(world: World, shop: Shop, options: Options) -> None:
    shop.bucket.maximum = float(options.get("maximum", shop.bucket.maximum))
    shop.bucket.restore_rate = float(options.get("restore_rate", shop.bucket.restore_rate))
    shop.bucket.fill_to(float(options.get("available", shop.bucket.maximum)))


def _expire_token(world: World, shop: Shop, options: Any) -> None:
    for token in shop.state.tokens:
        if options is True or options == token.value:
            token.is_live = False


def _token(world: World, shop: Shop, options: Options) -> None:
    value = options["value"]
    shop.state.tokens = [token for token in shop.state.tokens if token.value != value]
    shop.state.tokens.append(Token(value, list(options.get("scopes", ALL_SCOPES))))


def _scopes(world: World, shop: Shop, options: list[str]) -> None:
    for token in shop.state.tokens:
        token.scopes = list(options)


def _secret(world: World, shop: Shop, options: str) -> None:
    shop.state.secrets.insert(0, options)


def _deny_fields(world: World, shop: Shop, options: list[str]) -> None:
    shop.mischief.denied_fields = set(options)


def _foreign_note(world: World, shop: Shop, options: Options) -> None:
    customer = acting.customer_of(shop, options["customer"]) if options.get("customer") else None
    shop.mischief.foreign_notes.append(ForeignNote(options["text"], str(customer.id) if customer else ""))


def _retry_waits(world: World, shop: Shop, options: list[float]) -> None:
    shop.mischief.retry_waits = tuple(float(each) for each in options)


def _merge_seconds(world: World, shop: Shop, options: float) -> None:
    shop.mischief.merge_seconds = float(options)


def _subscribe(world: World, shop: Shop, options: Options) -> None:
    for topic in options.get("topics", DEFAULT_TOPICS):
        fields = options.get("include_fields")
        subscribe(shop, topic=topic, uri=options["uri"], include_fields=fields)


def _unsubscribe(world: World, shop: Shop, options: Any) -> None:
    shop.state.subscriptions.clear()


VERBS: dict[str, Verb] = {
    "reset": _reset,
    "throttle": _call_fault(Throttle),
    "refuse": _call_fault(Refusal),
    "hang": _call_fault(Hang),
    "bucket": _bucket,
    "expire_token": _expire_token,
    "token": _token,
    "scopes": _scopes,
    "deny_fields": _deny_fields,
    "foreign_note": _foreign_note,
    "lose": _hook_fault(Loss),
    "duplicate": _hook_fault(Duplicate),
    "delay": _hook_fault(Delay),
    "reorder": _hook_fault(Reorder),
    "wrong_signature": _hook_fault(WrongSignature),
    "retry_waits": _retry_waits,
    "secret": _secret,
    "merge_seconds": _merge_seconds,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    **acting.VERBS,
}
