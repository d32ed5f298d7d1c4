"""What a merchant, a shopper or Shopify itself does, as verbs of the control call."""

from typing import Any, TypeAlias

from demo.store import customers, merging, orders
from demo.store.delivering import encoded
from demo.store.records import Customer
from demo.store.resolvers.shop import uninstall
from demo.store.shop import Shop, new_event
from demo.store.world import World

Options: TypeAlias = dict[str, Any]


class BadVerb(Exception):
    """A verb of the control call means something that is not there, or asks what the shop refuses."""


def customer_of(shop: Shop, reference: Any) -> Customer:
    """The customer named by id, global id or e-mail address; raises BadVerb."""
    customer = shop.customer_named(str(reference))
    if customer is None:
        raise BadVerb(f"no customer {reference}")
    return customer


def _edit_customer(world: World, shop: Shop, options: Options) -> None:
    """`{"customer": …, "note": …}` and any other field of the record."""
    changes = {name: value for name, value in options.items() if name != "customer"}
    customer = customer_of(shop, options["customer"])
    _refuse(customers.edit_customer(shop=shop, customer=customer, changes=changes, by="merchant"))


def _add_customer(world: World, shop: Shop, options: Options) -> None:
    _, errors = customers.add_customer(shop=shop, values=options, by="merchant")
    _refuse(errors)


def _delete_customer(world: World, shop: Shop, reference: Any) -> None:
    _refuse(customers.delete_customer(shop=shop, customer=customer_of(shop, reference)))


def _merge_customers(world: World, shop: Shop, options: Options) -> None:
    """`{"one": …, "two": …}`, and `note` for the text to keep."""
    one, two = customer_of(shop, options["one"]), customer_of(shop, options["two"])
    outlook = merging.foresee(one=one, two=two, wishes={"note": options.get("note")})
    if outlook.blocks:
        raise BadVerb(outlook.blocks[0])
    merging.start_merge(shop=shop, outlook=outlook)


def _place_order(world: World, shop: Shop, options: Options) -> None:
    """`{"customer": …}`, `lines` (variant id -> quantity) when it is not to be one of the first product, and `email` or
    `phone` when it is placed with others than the customer's.
    """
    lines = {int(number): int(quantity) for number, quantity in options.get("lines", {}).items()}
    first = shop.state.products[0].variants[0].id
    customer = customer_of(shop, options["customer"]) if options.get("customer") else None
    contact = (options.get("email"), options.get("phone")) if {"email", "phone"} & options.keys() else None
    orders.place_order(shop=shop, customer=customer, lines=lines or {first: 1}, contact=contact)


def _change_order(world: World, shop: Shop, options: Options) -> None:
    """`{"order": 1003, "fulfillment_status": …, "financial_status": …, "note": …, "tags": […]}`."""
    changes = {name: value for name, value in options.items() if name != "order"}
    order = next((each for each in shop.state.orders if options["order"] in (each.number, str(each.id))), None)
    if order is None:
        raise BadVerb(f"no order {options['order']}")
    orders.change_order(shop=shop, order=order, changes=changes)


def _uninstall(world: World, shop: Shop, options: Any) -> None:
    uninstall(shop)


def _install(world: World, shop: Shop, options: Any) -> None:
    """The tokens live again; subscriptions are the app's to make."""
    for token in shop.state.tokens:
        token.is_live = True


def _send(world: World, shop: Shop, options: Options) -> None:
    """Any webhook: `{"topic": "customers/redact", "body": {…}}`, to `uri` or to every subscribed address."""
    subscribed = dict.fromkeys(each.uri for each in shop.state.subscriptions)
    for uri in [options["uri"]] if "uri" in options else subscribed:
        body = encoded(options["body"])
        world.deliverer.send(shop, uri=uri, topic=options["topic"], body=body, event_id=new_event())


def _send_again(world: World, shop: Shop, webhook_id: Any) -> None:
    """A webhook that was sent before, byte for byte: by its id, or the last one with `true`."""
    fitting = [each for each in shop.journal.deliveries if webhook_id in (True, each.webhook_id)]
    if not fitting:
        raise BadVerb(f"no webhook {webhook_id}")
    world.deliverer.send_again(shop, fitting[-1])


def _refuse(errors: list[customers.UserError]) -> None:
    if errors:
        raise BadVerb("; ".join(error.message for error in errors))


VERBS = {
    "edit_customer": _edit_customer,
    "add_customer": _add_customer,
    "delete_customer": _delete_customer,
    "merge_customers": _merge_customers,
    "place_order": _place_order,
    "change_order": _change_order,
    "uninstall": _uninstall,
    "install": _install,
    "send": _send,
    "send_again": _send_again,
}
