"""What every resolver is given, and the small answers they share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from graphql import GraphQLError

from demo.store import money
from demo.store.customers import UserError
from demo.store.payloads import gid
from demo.store.records import Order
from demo.store.shop import Shop
from demo.store.world import World

Arguments: TypeAlias = dict[str, Any]
Answer: TypeAlias = dict[str, Any]


@dataclass
class Context:
    """One request: whose shop, what the token may do, and the warnings its searches earned."""

    world: World
    shop: Shop
    scopes: frozenset[str]
    warnings: list[Answer] = field(default_factory=list)


Resolver: TypeAlias = Callable[[Any, Context, Arguments], Any]


def record_gid(record: Any, context: Context, arguments: Arguments) -> str:
    """The global id of a record that knows its kind."""
    return gid(record.kind, record.id)


def read_gid(value: str, kind: str) -> int:
    """The number of a global id of that kind; anything else is refused as Shopify refuses it."""
    prefix, _, number = value.rpartition("/")
    if not number.isdigit() or not prefix.startswith("gid://shopify/"):
        raise GraphQLError(f"Invalid global id '{value}'", extensions={"code": "INVALID_VARIABLE"})
    if prefix != f"gid://shopify/{kind}":
        raise GraphQLError("invalid id", extensions={"code": "RESOURCE_NOT_FOUND"})
    return int(number)


def money_of(amount: Decimal, currency: str) -> Answer:
    """A MoneyV2."""
    return {"amount": money.in_api(amount), "currencyCode": currency}


def money_bag(amount: Decimal, shop: Shop, order: Order | None = None) -> Answer:
    """A MoneyBag: in the shop's currency, and in the one the customer of `order` saw."""
    shop_money = money_of(amount, shop.state.currency)
    if order is None or order.presentment_currency is None:
        return {"shopMoney": shop_money, "presentmentMoney": shop_money}
    return {
        "shopMoney": shop_money,
        "presentmentMoney": money_of(money.presented(amount, order), order.presentment_currency),
    }


def email_address(value: str | None, *, is_subscribed: bool = False) -> Answer | None:
    """A CustomerEmailAddress."""
    state = "SUBSCRIBED" if is_subscribed else "NOT_SUBSCRIBED"
    return {"emailAddress": value, "marketingState": state, "validFormat": True} if value else None


def phone_number(value: str | None) -> Answer | None:
    """A CustomerPhoneNumber; nobody here ever asked for text messages."""
    return {"phoneNumber": value, "smsMarketingConsent": {"state": "NEVER_SUBSCRIBED"}} if value else None


def user_errors(errors: Sequence[UserError], *, within: str | None = None) -> list[Answer]:
    """`userErrors`; `within` is the argument the fields are part of, and an empty path is null."""
    path = [within] if within else []
    return [{"field": [*path, *each.field] if each.field else None, "message": each.message} for each in errors]


def warn_of(context: Context, path: str, query: str | None, unknown: Sequence[str]) -> None:
    """Tell the caller, under `extensions.search`, which search fields were not understood."""
    if unknown:
        text = "Invalid search field for this query."
        warnings = [{"field": name, "message": text, "code": "invalid_field"} for name in unknown]
        context.warnings.append({"path": [path], "query": query, "warnings": warnings})
