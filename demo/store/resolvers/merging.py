"""Merging two customers: what would come of it, doing it, and how far it is."""

from typing import Any

from demo.store import merging, payloads
from demo.store.customers import UserError
from demo.store.merging import Outlook
from demo.store.payloads import gid
from demo.store.records import Customer, Merge
from demo.store.resolvers.asking import (
    Answer,
    Arguments,
    Context,
    Resolver,
    email_address,
    phone_number,
    read_gid,
    user_errors,
)


def _foresee(context: Context, arguments: Arguments) -> Outlook | UserError:
    numbers = [read_gid(arguments[name], "Customer") for name in ("customerOneId", "customerTwoId")]
    one, two = (context.shop.customer(number) for number in numbers)
    if one is None or two is None:
        return UserError(["customerOneId" if one is None else "customerTwoId"], "Customer does not exist")
    if one is two:
        return UserError(["customerTwoId"], "A customer cannot be merged with itself")
    return merging.foresee(one=one, two=two, wishes=arguments.get("overrideFields") or {})


def _preview(source: None, context: Context, arguments: Arguments) -> Answer:
    outlook = _foresee(context, arguments)
    if isinstance(outlook, UserError):
        return {"customerMergeErrors": [{"errorFields": ["DELETED_AT"], "message": outlook.message}]}
    blocks = [{"errorFields": ["OVERRIDE_FIELDS"], "message": text} for text in outlook.blocks]
    orders = [order for each in (outlook.kept, outlook.lost) for order in context.shop.orders_of(each)]
    return {
        "resultingCustomerId": gid("Customer", outlook.kept.id),
        "customerMergeErrors": blocks or None,
        "blockingFields": {"note": outlook.note, "tags": outlook.tags} if blocks else None,
        "defaultFields": {
            "note": outlook.note,
            "tags": outlook.tags,
            "firstName": outlook.first_name,
            "lastName": outlook.last_name,
            "displayName": " ".join(filter(None, (outlook.first_name, outlook.last_name))),
            "email": email_address(outlook.email),
            "phoneNumber": phone_number(outlook.phone),
            "orderCount": len(orders),
        },
        "alternateFields": _alternate(outlook.lost),
    }


def _alternate(lost: Customer) -> Answer:
    return {
        "firstName": lost.first_name,
        "lastName": lost.last_name,
        "email": email_address(lost.email),
        "phoneNumber": phone_number(lost.phone),
    }


def _merge(source: None, context: Context, arguments: Arguments) -> Answer:
    outlook = _foresee(context, arguments)
    if isinstance(outlook, UserError):
        errors = [error | {"code": "INVALID_CUSTOMER_ID"} for error in user_errors([outlook])]
        return {"job": None, "resultingCustomerId": None, "userErrors": errors}
    if outlook.blocks:
        errors = [{"field": None, "message": text, "code": "OVERRIDE_ATTRIBUTE_INVALID"} for text in outlook.blocks]
        return {"job": None, "resultingCustomerId": None, "userErrors": errors}
    merge = merging.start_merge(shop=context.shop, outlook=outlook)
    job = {"kind": "Job", "id": gid("Job", merge.id), "done": False}
    return {"job": job, "resultingCustomerId": gid("Customer", merge.kept_id), "userErrors": []}


def _status(source: None, context: Context, arguments: Arguments) -> Merge | None:
    wanted = arguments["jobId"].rpartition("/")[2]
    return next((each for each in context.shop.state.merges if each.id == wanted), None)


def _errors(merge: Merge, context: Context, arguments: Arguments) -> list[Answer]:
    return [{"errorFields": ["DELETED_AT"], "message": text} for text in merge.errors]


def _running(customer: Customer, context: Context) -> Merge | None:
    """The merge this customer is part of just now."""
    for merge in context.shop.state.merges:
        if merge.status in ("REQUESTED", "IN_PROGRESS") and customer.id in (merge.kept_id, merge.lost_id):
            return merge
    return None


def _mergeable(customer: Customer, context: Context, arguments: Arguments) -> Answer:
    merge = _running(customer, context)
    reason = f"{customer.first_name or customer.email} is currently being merged." if merge else None
    fields = ["MERGE_IN_PROGRESS"] if merge else []
    return {"isMergeable": merge is None, "reason": reason, "errorFields": fields, "mergeInProgress": merge}


def _kept_id(merge: Merge, context: Context, arguments: Arguments) -> Any:
    return payloads.gid("Customer", merge.kept_id)


FIELDS: dict[str, Resolver] = {
    "QueryRoot.customerMergePreview": _preview,
    "QueryRoot.customerMergeJobStatus": _status,
    "Mutation.customerMerge": _merge,
    "Customer.mergeable": _mergeable,
    "CustomerMergeRequest.jobId": lambda merge, context, arguments: gid("Job", merge.id),
    "CustomerMergeRequest.resultingCustomerId": _kept_id,
    "CustomerMergeRequest.customerMergeErrors": _errors,
}
