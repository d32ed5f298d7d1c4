"""Tell what an answer of the Admin GraphQL API means: data, try again, or give up.

https://shopify.dev/docs/api/usage/response-codes and .../rate-limits; what HTTP 200 hides stands in `errors`.
"""

import math
import random
from collections.abc import Sequence
from typing import Any

from core.http import Response, read_json
from integrations.base import AdapterError, GiveUp, TryAgain
from integrations.shopify.reading import Json

FROZEN_SHOP_SECONDS = 3600.0
LONGEST_WAIT_SECONDS = 3600.0

PASSING_STATUSES = {
    402: ("The shop is frozen by Shopify", FROZEN_SHOP_SECONDS),
    423: ("The shop is locked by Shopify", FROZEN_SHOP_SECONDS),
    430: ("Shopify's security turned the call away", 300.0),
}
LASTING_STATUSES = {
    401: "The store no longer accepts our access token",
    403: "The access token may not do this",
    404: "There is no such shop",
}

# Fields that Shopify withholds (null and an ACCESS_DENIED error, HTTP 200) from apps without approval for them. Not the
# note and no whole object: taking those for empty would wipe a note or bury a customer. That is also why our operations
# do not ask for `displayName`, which is protected but not nullable, so that withholding it takes the customer along.
# An order's line may do without its `product`, which an app without the scope read_products is not shown, and an order
# without the `email` and `phone` it was placed with.
PROTECTED_FIELDS = frozenset(
    {
        "firstName",
        "lastName",
        "defaultEmailAddress",
        "defaultPhoneNumber",
        "defaultAddress",
        "formattedArea",
        "product",
        "email",
        "phone",
    }
)
# Codes of errors that pass by themselves.
PASSING_CODES = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT", "SERVICE_UNAVAILABLE", "BAD_GATEWAY"})


class Withheld(GiveUp):
    """The store keeps something from us that the operation cannot be answered without."""


def read_answer(response: Response) -> Json:
    """The answer's data; raise TryAgain or GiveUp with a reason for people, short and without what was sent."""
    answer = _read_body(response.body)
    errors = _errors(answer)
    if failure := _status_failure(response, answer, errors):
        raise failure
    data = answer.get("data")
    untolerated = [error for error in errors if not _is_withheld_field(error, data)]
    if untolerated or not isinstance(data, dict):
        raise _failure(answer, untolerated)
    return data


def check_user_errors(payload: Json) -> None:
    """Raise GiveUp with Shopify's own words when a mutation was refused."""
    refused = payload.get("userErrors") or []
    if refused:
        raise GiveUp(f"The store refused: {_words(refused) or 'without a reason'}")


def _read_body(body: bytes) -> Json:
    try:
        answer = read_json(body)
    except ValueError:
        answer = None
    return answer if isinstance(answer, dict) else {}


def _errors(answer: Json) -> list[Json]:
    """The errors as a list: some arrive as one text, or as texts under field names."""
    errors = answer.get("errors")
    if isinstance(errors, dict):
        errors = [*errors.values()]
    if not isinstance(errors, list):
        errors = [errors] if errors else []
    return [error if isinstance(error, dict) else {"message": str(error)} for error in errors]


def _status_failure(response: Response, answer: Json, errors: Sequence[Json]) -> AdapterError | None:
    status = response.status
    if 200 <= status < 300:
        return None
    if status == 429:
        return _throttled(answer, _retry_after(response))
    if status in PASSING_STATUSES:
        reason, seconds = PASSING_STATUSES[status]
        return TryAgain(reason, after=seconds)
    if status == 408 or status >= 500:
        return TryAgain(f"The store answered with an error (HTTP {status})", after=_retry_after(response))
    reason = LASTING_STATUSES.get(status, f"The store did not understand us (HTTP {status})")
    words = _words(errors)
    return GiveUp(f"{reason}: {words}" if words else reason, disables=status == 401)


def _failure(answer: Json, errors: Sequence[Json]) -> AdapterError:
    codes = {_code(error) for error in errors}
    words = _words(errors)
    if "THROTTLED" in codes:
        return _throttled(answer, None)
    if "MAX_COST_EXCEEDED" in codes:
        return GiveUp(f"The question is too large for the store: {words}")
    if "SHOP_INACTIVE" in codes:
        return TryAgain("The shop is not active at the moment", after=FROZEN_SHOP_SECONDS)
    if codes & PASSING_CODES:
        return TryAgain(f"The store could not answer: {words}")
    if words:
        kind = Withheld if codes == {"ACCESS_DENIED"} else GiveUp
        return kind(f"The store refused: {words}")
    # Not JSON, or JSON without data: a page of some proxy in between.
    return TryAgain("The store answered with something that is not its API")


def _throttled(answer: Json, header_seconds: float | None) -> AdapterError:
    """Wait until the bucket holds what the question costs, at least a second, spread so that workers do not line up."""
    seconds = header_seconds or _refill_seconds(answer) or 1.0
    spread = random.uniform(1.0, 1.25)  # noqa: S311 - chance for fairness, not for secrecy
    return TryAgain("The store asks us to slow down", after=min(max(seconds, 1.0), LONGEST_WAIT_SECONDS) * spread)


def _refill_seconds(answer: Json) -> float | None:
    try:
        cost = answer["extensions"]["cost"]
        bucket = cost["throttleStatus"]
        missing = float(cost["requestedQueryCost"]) - float(bucket["currentlyAvailable"])
        return missing / float(bucket["restoreRate"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None


def _retry_after(response: Response) -> float | None:
    # Shopify sends seconds; the other form of the header, a date, comes from nobody in between that we know.
    try:
        seconds = float(response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(max(seconds, 1.0), LONGEST_WAIT_SECONDS) if math.isfinite(seconds) else None


def _is_withheld_field(error: Json, data: Any) -> bool:
    """Whether all that the error took from the data is a protected field."""
    path = error.get("path")
    if _code(error) != "ACCESS_DENIED" or not isinstance(path, list):
        return False
    place = data
    for step in path:
        try:
            place = place[step]
        except (KeyError, IndexError, TypeError):
            return False
        if place is None:
            return step in PROTECTED_FIELDS
    return False


def _code(error: Json) -> str | None:
    extensions = error.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    return code if isinstance(code, str) else None


def _words(errors: Sequence[Any]) -> str:
    messages = (error.get("message") if isinstance(error, dict) else error for error in list(errors)[:3])
    printable = ("".join(c for c in str(message) if c.isprintable()) for message in messages if message)
    return "; ".join(printable)[:300]
