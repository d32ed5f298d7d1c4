"""The Admin GraphQL API: `POST /shops/{shop}/admin/api/{version}/graphql.json`."""

import asyncio
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
    value_from_ast_untyped,
)

from demo.store.cost import SINGLE_QUERY_LIMIT, requested_cost, used_cost
from demo.store.mischief import CallFault, Hang, Refusal, Throttle
from demo.store.resolvers.asking import Context
from demo.store.resolvers.shop import API_VERSION
from demo.store.schema import executable_schema, resolve_field
from demo.store.shop import Shop
from demo.store.web import Request, Response, as_json
from demo.store.world import World

WRONG_LOGIN = "[API] Invalid API key or access token (unrecognized login or wrong password)"
RATE_LIMITS = "https://shopify.dev/api/usage/rate-limits"
REFUSALS = {
    401: WRONG_LOGIN,
    402: "Unavailable Shop",
    403: "[API] This action requires merchant approval for the necessary scope.",
    404: "Not Found",
    423: "Unavailable Shop",
    429: "Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service.",
}


@dataclass(frozen=True)
class Call:
    """A request of the API that is well formed: a valid document and the operation it means."""

    document: DocumentNode
    operation: OperationDefinitionNode
    name: str
    variables: Mapping[str, Any]


class Refused(Exception):
    """The call is answered with `response` and not executed."""

    def __init__(self, response: Response, operation: str, outcome: str) -> None:
        super().__init__(outcome)
        self.response, self.operation, self.outcome = response, operation, outcome


async def answer_graphql(world: World, request: Request) -> Response:
    """One call, with the faults that are planned for it."""
    shop = world.shops.get(request.path["shop"])
    if shop is None or not re.fullmatch(r"20\d\d-(01|04|07|10)", request.path["version"]):
        return _refusal(404)
    if request.path["version"] > API_VERSION:
        return _refusal(404)
    asked = _read_json(request)
    try:
        scopes = _check_token(shop, request, asked)
        call = _read_call(asked)
        fault = shop.mischief.fault_of_call(call.name)
        await _suffer(shop, call, fault)
        response = _execute(Context(world, shop, scopes), call)
    except Refused as refused:
        shop.journal.request(refused.operation, refused.outcome)
        return refused.response
    if isinstance(fault, Hang):
        # The other sort of silence: the work is done, and nobody hears of it in time.
        await asyncio.sleep(fault.seconds)
    return response


def _read_json(request: Request) -> dict[str, Any]:
    """The body, or an empty map when it is not a JSON object."""
    try:
        asked = request.json()
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


def _check_token(shop: Shop, request: Request, asked: Mapping[str, Any]) -> frozenset[str]:
    token = shop.token(request.headers.get("x-shopify-access-token", ""))
    if token is None:
        raise Refused(_refusal(401), _name_hint(asked), "401")
    return frozenset(token.scopes)


def _name_hint(asked: Mapping[str, Any]) -> str:
    """The operation's name as far as it can be had before parsing, for the journal."""
    named = re.search(r"\b(?:query|mutation)\s+(\w+)", str(asked.get("query")))
    return str(asked.get("operationName") or (named[1] if named else "unknown"))


def _read_call(asked: Mapping[str, Any]) -> Call:
    hint = _name_hint(asked)
    if not isinstance(asked.get("query"), str):
        errors = {"query": "Required parameter missing or invalid"}
        raise Refused(as_json({"errors": errors}, 400), hint, "400")
    try:
        document = parse(asked["query"])
    except GraphQLSyntaxError as error:
        raise Refused(_answer_errors([error]), hint, "errors") from error
    if found := validate(executable_schema(), document):
        raise Refused(_answer_errors(found), hint, "errors")
    operation = get_operation_ast(document, asked.get("operationName"))
    if operation is None:
        nameless = GraphQLError("An operation name is required", extensions={"code": "BAD_REQUEST"})
        raise Refused(_answer_errors([nameless]), hint, "errors")
    variables = asked.get("variables")
    name = operation.name.value if operation.name else "anonymous"
    return Call(document, operation, name, variables if isinstance(variables, dict) else {})


async def _suffer(shop: Shop, call: Call, fault: CallFault | None) -> None:
    """Let a fault happen that keeps the call from being worked."""
    if isinstance(fault, Refusal):
        raise Refused(_refusal(fault.status), call.name, str(fault.status))
    if isinstance(fault, Throttle):
        requested = requested_cost(executable_schema(), call.document, call.operation, _with_defaults(call))
        raise Refused(_throttled(shop, requested), call.name, "throttled")
    if isinstance(fault, Hang) and fault.when == "before":
        await asyncio.sleep(fault.seconds)
        raise Refused(_refusal(504), call.name, "hung")


def _execute(context: Context, call: Call) -> Response:
    shop, schema = context.shop, executable_schema()
    requested = requested_cost(schema, call.document, call.operation, _with_defaults(call))
    if requested > SINGLE_QUERY_LIMIT:
        raise Refused(_too_dear(requested), call.name, "max_cost")
    if not shop.bucket.spend(requested):
        raise Refused(_throttled(shop, requested), call.name, "throttled")
    result = execute_sync(
        schema,
        call.document,
        context_value=context,
        variable_values=dict(call.variables),
        operation_name=call.operation.name.value if call.operation.name else None,
        field_resolver=resolve_field,
    )
    used = used_cost(result.data, requested, call.operation)
    shop.bucket.give_back(requested - used)
    shop.journal.request(call.name, _outcome(result), used)
    return _answer(context, result, requested, used)


def _with_defaults(call: Call) -> dict[str, Any]:
    definitions = call.operation.variable_definitions
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in definitions
        if each.default_value
    }
    return defaults | dict(call.variables)


def _outcome(result: ExecutionResult) -> str:
    if result.errors:
        return "errors"
    payloads = [value for value in (result.data or {}).values() if isinstance(value, dict)]
    return "user_errors" if any(payload.get("userErrors") for payload in payloads) else "ok"


def _answer(context: Context, result: ExecutionResult, requested: int, used: int) -> Response:
    body: dict[str, Any] = {}
    if result.errors:
        body["errors"] = [error.formatted for error in result.errors]
    if result.data is not None or not result.errors:
        body["data"] = result.data
    body["extensions"] = {"cost": _cost(context.shop, requested, used)}
    if context.warnings:
        body["extensions"]["search"] = context.warnings
    return as_json(body, headers=_headers())


def _cost(shop: Shop, requested: int, used: int | None) -> dict[str, Any]:
    return {"requestedQueryCost": requested, "actualQueryCost": used, "throttleStatus": shop.bucket.status()}


def _throttled(shop: Shop, requested: int) -> Response:
    """Throttling is HTTP 200 without data, as a client must know."""
    error = {"message": "Throttled", "extensions": {"code": "THROTTLED", "documentation": RATE_LIMITS}}
    return as_json({"errors": [error], "extensions": {"cost": _cost(shop, requested, None)}}, headers=_headers())


def _too_dear(requested: int) -> Response:
    text = f"Query cost is {requested}, which exceeds the single query max cost limit ({SINGLE_QUERY_LIMIT})."
    extensions = {
        "code": "MAX_COST_EXCEEDED",
        "cost": requested,
        "maxCost": SINGLE_QUERY_LIMIT,
        "documentation": RATE_LIMITS,
    }
    return as_json({"errors": [{"message": text, "extensions": extensions}]}, headers=_headers())


def _answer_errors(errors: Sequence[GraphQLError]) -> Response:
    return as_json({"errors": [error.formatted for error in errors]}, headers=_headers())


def _refusal(status: int) -> Response:
    """Outside GraphQL, Shopify's `errors` is a text, not a list."""
    headers = (*_headers(), ("retry-after", "2.0")) if status == 429 else _headers()
    return as_json({"errors": REFUSALS.get(status, "Internal Server Error")}, status, headers)


def _headers() -> tuple[tuple[str, str], ...]:
    return (("x-shopify-api-version", API_VERSION), ("x-request-id", str(uuid.uuid4())))
