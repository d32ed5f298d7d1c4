"""Webhook subscriptions: they alone decide where webhooks go."""

from typing import Any

from demo.store import clock
from demo.store.customers import UserError
from demo.store.delivering import is_reachable
from demo.store.paging import Page, page
from demo.store.records import Subscription
from demo.store.resolvers.asking import (
    Answer,
    Arguments,
    Context,
    Resolver,
    read_gid,
    record_gid,
    user_errors,
)
from demo.store.resolvers.shop import API_VERSION
from demo.store.world import subscribe

WITHIN = "webhookSubscription"
UNKNOWN = UserError(["id"], "Webhook subscription does not exist")


def _find(context: Context, arguments: Arguments) -> Subscription | None:
    number = read_gid(arguments["id"], "WebhookSubscription")
    return next((each for each in context.shop.state.subscriptions if each.id == number), None)


def _one(source: None, context: Context, arguments: Arguments) -> Subscription | None:
    return _find(context, arguments)


def _all(source: None, context: Context, arguments: Arguments) -> Page[Subscription]:
    topics, uri = arguments.get("topics"), arguments.get("uri") or arguments.get("callbackUrl")
    found = [
        each
        for each in context.shop.state.subscriptions
        if (not topics or each.topic in topics) and (not uri or each.uri == uri)
    ]
    values: dict[str, Any] = {"CREATED_AT": lambda each: each.created_at}
    sort_by = values.get(arguments["sortKey"], lambda each: each.id)
    return page(found, arguments, sort_by=sort_by, identify=lambda each: each.id)


def _create(source: None, context: Context, arguments: Arguments) -> Answer:
    topic, words = arguments["topic"], arguments["webhookSubscription"]
    uri = words.get("uri") or ""
    errors = _refusals(words)
    if any(each.topic == topic and each.uri == uri for each in context.shop.state.subscriptions):
        errors.append(UserError(["uri"], "Address for this topic has already been taken"))
    if errors:
        return _refused(errors)
    fields, name = words.get("includeFields"), words.get("name")
    made = subscribe(context.shop, topic=topic, uri=uri, include_fields=fields, name=name)
    context.world.keep()
    return {"webhookSubscription": made, "userErrors": []}


def _update(source: None, context: Context, arguments: Arguments) -> Answer:
    subscription, words = _find(context, arguments), arguments["webhookSubscription"]
    if subscription is None:
        return {"webhookSubscription": None, "userErrors": user_errors([UNKNOWN])}
    if errors := _refusals({"uri": subscription.uri} | words):
        return _refused(errors)
    subscription.uri = words.get("uri", subscription.uri)
    subscription.include_fields = words.get("includeFields", subscription.include_fields)
    subscription.name = words.get("name", subscription.name)
    subscription.updated_at = clock.now()
    context.world.keep()
    return {"webhookSubscription": subscription, "userErrors": []}


def _refusals(words: Arguments) -> list[UserError]:
    errors = []
    if not words.get("uri"):
        errors.append(UserError(["uri"], "Address can't be blank"))
    elif not is_reachable(words["uri"]):
        errors.append(UserError(["uri"], "Address is not allowed: the pretend store calls this machine only"))
    if words.get("format", "JSON") != "JSON":
        errors.append(UserError(["format"], "Format is not allowed: the pretend store writes JSON only"))
    if words.get("filter"):
        errors.append(UserError(["filter"], "Filter is not supported by the pretend store"))
    return errors


def _refused(errors: list[UserError]) -> Answer:
    return {"webhookSubscription": None, "userErrors": user_errors(errors, within=WITHIN)}


def _delete(source: None, context: Context, arguments: Arguments) -> Answer:
    subscription = _find(context, arguments)
    if subscription is None:
        return {"deletedWebhookSubscriptionId": None, "userErrors": user_errors([UNKNOWN])}
    context.shop.state.subscriptions.remove(subscription)
    context.world.keep()
    return {"deletedWebhookSubscriptionId": arguments["id"], "userErrors": []}


def _version(subscription: Subscription, context: Context, arguments: Arguments) -> Answer:
    return {"handle": API_VERSION, "displayName": f"{API_VERSION} (Latest)", "supported": True}


FIELDS: dict[str, Resolver] = {
    "QueryRoot.webhookSubscription": _one,
    "QueryRoot.webhookSubscriptions": _all,
    "Mutation.webhookSubscriptionCreate": _create,
    "Mutation.webhookSubscriptionUpdate": _update,
    "Mutation.webhookSubscriptionDelete": _delete,
    "WebhookSubscription.id": record_gid,
    "WebhookSubscription.legacyResourceId": lambda each, context, arguments: each.id,
    "WebhookSubscription.apiVersion": _version,
    "WebhookSubscription.filter": lambda each, context, arguments: None,
    "WebhookSubscription.format": lambda each, context, arguments: "JSON",
}
