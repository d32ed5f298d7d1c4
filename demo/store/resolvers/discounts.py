"""Discount codes: reading, and making simple ones."""

from typing import Any

from demo.store import clock, payloads
from demo.store.paging import Page, page
from demo.store.payloads import gid
from demo.store.records import Discount
from demo.store.resolvers.asking import Answer, Arguments, Context, Resolver, read_gid, warn_of
from demo.store.search import Index, parse_search
from demo.store.shop import new_event

TYPES = ("DiscountCodeApp", "DiscountCodeBasic", "DiscountCodeBxgy", "DiscountCodeFreeShipping")


def status_of(discount: Discount) -> str:
    """ACTIVE, SCHEDULED or EXPIRED, by the clock."""
    now = clock.now()
    if discount.starts_at > now:
        return "SCHEDULED"
    return "EXPIRED" if discount.ends_at and discount.ends_at <= now else "ACTIVE"


INDEX = Index[Discount](
    fields={
        "id": lambda each: each.id,
        "code": lambda each: each.code,
        "title": lambda each: each.title,
        "status": status_of,
        "times_used": lambda each: each.usage_count,
        "starts_at": lambda each: each.starts_at,
        "ends_at": lambda each: each.ends_at,
    },
    words=lambda each: [each.title, each.code],
)


def _as_code_node(discount: Discount) -> Answer:
    return {"kind": "DiscountCodeNode", "id": gid("DiscountCodeNode", discount.id), "codeDiscount": discount}


def _by_code(source: None, context: Context, arguments: Arguments) -> Answer | None:
    wanted = arguments["code"].strip().casefold()
    found = next((each for each in context.shop.state.discounts if each.code.casefold() == wanted), None)
    return _as_code_node(found) if found else None


def _nodes(source: None, context: Context, arguments: Arguments) -> Page[Discount]:
    search = parse_search(arguments.get("query"), INDEX)
    warn_of(context, "discountNodes", arguments.get("query"), search.unknown_fields)
    found = [each for each in context.shop.state.discounts if search.matches(each)]
    values: dict[str, Any] = {
        "TITLE": lambda each: each.title,
        "STARTS_AT": lambda each: each.starts_at,
        "UPDATED_AT": lambda each: each.updated_at,
        "ID": lambda each: each.id,
    }
    sort_by = values.get(arguments["sortKey"], lambda each: each.created_at)
    return page(found, arguments, sort_by=sort_by, identify=lambda each: each.id)


def _codes(discount: Discount, context: Context, arguments: Arguments) -> Page[Discount]:
    return page([discount], arguments, sort_by=lambda each: each.id, identify=lambda each: each.id)


def _links(discount: Discount, context: Context, arguments: Arguments) -> list[Answer]:
    url = f"{context.shop.public_url}/discount/{discount.code}"
    return [{"targetType": "HOME", "title": "Online store", "url": url}]


def _summary(discount: Discount, context: Context, arguments: Arguments) -> str:
    once = " • One use per customer" if discount.once_per_customer else ""
    return f"{discount.percentage:.0%} off entire order{once}"


def _create(source: None, context: Context, arguments: Arguments) -> Answer:
    words, shop = arguments["basicCodeDiscount"], context.shop
    if errors := _refusals(words, {each.code.casefold() for each in shop.state.discounts}):
        return {"codeDiscountNode": None, "userErrors": errors}
    now = clock.now()
    chosen = (words.get("context") or {}).get("customers") or {}
    discount = Discount(
        id=shop.new_id(),
        title=words.get("title") or words["code"],
        code=words["code"].strip(),
        created_at=now,
        updated_at=now,
        starts_at=words["startsAt"],
        ends_at=words.get("endsAt"),
        percentage=((words.get("customerGets") or {}).get("value") or {}).get("percentage") or 0.0,
        usage_limit=words.get("usageLimit"),
        once_per_customer=bool(words.get("appliesOncePerCustomer")),
        tags=words.get("tags") or [],
        customer_ids=[read_gid(each, "Customer") for each in chosen.get("add") or ()],
    )
    shop.state.discounts.append(discount)
    body = {
        "admin_graphql_api_id": payloads.gid("DiscountCodeNode", discount.id),
        "title": discount.title,
        "status": status_of(discount),
        "created_at": clock.in_webhook(now, shop.state.timezone),
        "updated_at": clock.in_webhook(now, shop.state.timezone),
    }
    shop.announce("discounts/create", body, new_event())
    return {"codeDiscountNode": _as_code_node(discount), "userErrors": []}


def _refusals(words: Arguments, taken: set[str]) -> list[Answer]:
    found = []
    code = (words.get("code") or "").strip()
    value = ((words.get("customerGets") or {}).get("value") or {}).get("percentage")
    if not code:
        found.append(("code", "Code can't be blank", "BLANK"))
    elif code.casefold() in taken:
        found.append(("code", "Code must be unique. Please try a different code.", "TAKEN"))
    if not words.get("startsAt"):
        found.append(("startsAt", "Starts at can't be blank", "BLANK"))
    if value is None or not 0 < value <= 1:
        found.append(("customerGets", "Value must be between 0.0 and 1.0", "VALUE_OUTSIDE_RANGE"))
    return [{"field": ["basicCodeDiscount", name], "message": text, "code": kind} for name, text, kind in found]


FIELDS: dict[str, Resolver] = {
    "QueryRoot.codeDiscountNodeByCode": _by_code,
    "QueryRoot.discountNodes": _nodes,
    "Mutation.discountCodeBasicCreate": _create,
    "DiscountNode.id": lambda each, context, arguments: gid("DiscountNode", each.id),
    "DiscountNode.discount": lambda each, context, arguments: each,
    "DiscountRedeemCode.id": lambda each, context, arguments: gid("DiscountRedeemCode", each.id),
    "DiscountRedeemCode.asyncUsageCount": lambda each, context, arguments: each.usage_count,
}
for _type in TYPES:
    FIELDS |= {
        f"{_type}.codes": _codes,
        f"{_type}.status": lambda each, context, arguments: status_of(each),
        f"{_type}.asyncUsageCount": lambda each, context, arguments: each.usage_count,
        f"{_type}.appliesOncePerCustomer": lambda each, context, arguments: each.once_per_customer,
        f"{_type}.shareableUrls": _links,
        f"{_type}.summary": _summary,
    }
