"""The executable schema: schema.graphql with its scalars and with every field bound to its resolver."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_ast_schema,
    parse,
)

from demo.store import clock
from demo.store.resolvers import RESOLVERS
from demo.store.resolvers.asking import Context

SDL = Path(__file__).with_name("schema.graphql")

# What a token must be allowed to do; the scopes are those of Shopify's documentation of each field.
NEEDED_SCOPES = {
    "QueryRoot.customer": "read_customers",
    "QueryRoot.customers": "read_customers",
    "QueryRoot.customersCount": "read_customers",
    "QueryRoot.customerByIdentifier": "read_customers",
    "QueryRoot.customerMergePreview": "read_customer_merge",
    "QueryRoot.customerMergeJobStatus": "read_customer_merge",
    "QueryRoot.order": "read_orders",
    "QueryRoot.orders": "read_orders",
    "QueryRoot.ordersCount": "read_orders",
    "QueryRoot.abandonedCheckouts": "read_orders",
    "QueryRoot.product": "read_products",
    "QueryRoot.products": "read_products",
    "QueryRoot.productVariant": "read_products",
    "QueryRoot.codeDiscountNodeByCode": "read_discounts",
    "QueryRoot.discountNodes": "read_discounts",
    "Customer.orders": "read_orders",
    "Customer.lastOrder": "read_orders",
    "Mutation.customerCreate": "write_customers",
    "Mutation.customerDelete": "write_customers",
    "Mutation.customerUpdate": "write_customers",
    "Mutation.customerMerge": "write_customer_merge",
    "Mutation.tagsAdd": "write_customers",
    "Mutation.tagsRemove": "write_customers",
    "Mutation.discountCodeBasicCreate": "write_discounts",
}


@cache
def executable_schema() -> GraphQLSchema:
    """Built once a process, in some 50 ms."""
    schema = build_ast_schema(parse(SDL.read_text(), no_location=True), assume_valid=True)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLScalarType) and kind.name in SCALARS:
            write, read = SCALARS[kind.name]
            # A schema read from text has plain scalars; graphql-core lets their two functions be set like this.
            kind.__dict__.update(serialize=write, parse_value=read)
        elif isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = _type_name
    return schema


def resolve_field(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """Answer any field; graphql-core hands a field's arguments over by keyword, so they are gathered here."""
    context: Context = info.context
    name = f"{info.parent_type.name}.{info.field_name}"
    _check_access(name, info, context)
    resolver = RESOLVERS.get(name)
    if resolver is not None:
        return resolver(source, context, arguments)
    if isinstance(source, dict):
        return source.get(info.field_name)
    return getattr(source, _snake(info.field_name))


@cache
def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _check_access(name: str, info: GraphQLResolveInfo, context: Context) -> None:
    needed = NEEDED_SCOPES.get(name)
    if needed is not None and needed not in context.scopes:
        text = f"Access denied for {info.field_name} field. Required access: `{needed}` access scope."
        extensions = {"code": "ACCESS_DENIED", "requiredAccess": f"`{needed}` access scope."}
        raise GraphQLError(text, extensions=extensions)
    if name in context.shop.mischief.denied_fields:
        text = f"This app is not approved to use the {info.field_name} field."
        raise GraphQLError(text, extensions={"code": "ACCESS_DENIED"})


def _type_name(source: Any, info: GraphQLResolveInfo, kind: Any) -> str:
    if isinstance(source, dict):
        return str(source["kind"])
    return str(getattr(source, "typename", None) or source.kind)


def _write_moment(value: datetime) -> str:
    return clock.in_api(value)


def _read_moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise GraphQLError(f"invalid DateTime '{value}'") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read_decimal(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise GraphQLError(f"invalid Decimal '{value}'") from error


def _read_number(value: Any) -> int:
    if not str(value).isdigit():
        raise GraphQLError(f"invalid UnsignedInt64 '{value}'")
    return int(value)


def _read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"invalid value {value!r}")
    return value


# Numbers of 64 bits, money and moments all travel as strings.
SCALARS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "DateTime": (_write_moment, _read_moment),
    "Decimal": (str, _read_decimal),
    "Money": (str, _read_decimal),
    "UnsignedInt64": (str, _read_number),
    "URL": (str, _read_text),
}
