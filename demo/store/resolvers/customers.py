"""Customers: reading, searching, writing."""

from decimal import Decimal
from typing import Any

from graphql import GraphQLError

from demo.store import clock, customers, money
from demo.store.customers import UserError
from demo.store.paging import Page, page
from demo.store.records import Address, Customer
from demo.store.resolvers.asking import (
    Answer,
    Arguments,
    Context,
    Resolver,
    email_address,
    money_of,
    phone_number,
    read_gid,
    record_gid,
    user_errors,
    warn_of,
)
from demo.store.search import Index, parse_search
from demo.store.shop import Shop

INPUT_FIELDS = {
    "email": "email",
    "phone": "phone",
    "firstName": "first_name",
    "lastName": "last_name",
    "note": "note",
    "tags": "tags",
    "locale": "locale",
    "taxExempt": "tax_exempt",
}


def display_name(customer: Customer) -> str:
    """First and last name, else the e-mail address, else the phone number, as Shopify shows a customer."""
    name = " ".join(filter(None, (customer.first_name, customer.last_name)))
    return name or customer.email or customer.phone or ""


def customer_index(shop: Shop) -> Index[Customer]:
    """What `customers(query:)` may ask. A phone number is compared by its digits, those of addresses included."""
    return Index(
        fields={
            "email": lambda each: each.email,
            "phone": _phones,
            "first_name": lambda each: each.first_name,
            "last_name": lambda each: each.last_name,
            "id": lambda each: each.id,
            "state": lambda each: each.state,
            "tag": lambda each: each.tags,
            "country": lambda each: [address.country or "" for address in each.addresses],
            "updated_at": lambda each: each.updated_at,
            "customer_date": lambda each: each.created_at,
            "orders_count": lambda each: len(shop.orders_of(each)),
            "total_spent": lambda each: amount_spent(shop, each),
        },
        words=lambda each: [
            each.first_name,
            each.last_name,
            each.email,
            each.phone,
            *(a.company for a in each.addresses),
        ],
    )


def _phones(customer: Customer) -> list[str]:
    written = [customer.phone, *(address.phone for address in customer.addresses)]
    return [form for each in written if each for form in (each, each.removeprefix("+"))]


def amount_spent(shop: Shop, customer: Customer) -> Decimal:
    """What the customer paid and was not given back, in the shop's currency."""
    paid = [each for each in shop.orders_of(customer) if each.financial_status not in ("PENDING", "VOIDED")]
    return sum((money.current_total(each) for each in paid), start=Decimal(0))


def _customers(source: None, context: Context, arguments: Arguments) -> Page[Customer]:
    search = parse_search(arguments.get("query"), customer_index(context.shop))
    warn_of(context, "customers", arguments.get("query"), search.unknown_fields)
    found = [each for each in context.shop.state.customers if search.matches(each)]
    return page(found, arguments, sort_by=_sorting(arguments), identify=lambda each: each.id)


def _sorting(arguments: Arguments) -> Any:
    values: dict[str, Any] = {
        "UPDATED_AT": lambda each: each.updated_at,
        "CREATED_AT": lambda each: each.created_at,
        "NAME": lambda each: f"{each.last_name or ''}, {each.first_name or ''}",
        "LOCATION": lambda each: each.addresses[0].country or "" if each.addresses else "",
    }
    return values.get(arguments.get("sortKey", "ID"), lambda each: each.id)


def _count(source: None, context: Context, arguments: Arguments) -> Answer:
    search = parse_search(arguments.get("query"), customer_index(context.shop))
    return {"count": sum(map(search.matches, context.shop.state.customers)), "precision": "EXACT"}


def _customer(source: None, context: Context, arguments: Arguments) -> Customer | None:
    return context.shop.customer(read_gid(arguments["id"], "Customer"))


def _by_identifier(source: None, context: Context, arguments: Arguments) -> Customer | None:
    identifier = arguments["identifier"]
    if len(identifier) != 1:
        text = "customerByIdentifier needs exactly one of id, emailAddress, phoneNumber"
        raise GraphQLError(text, extensions={"code": "INVALID_VARIABLE"})
    [(name, value)] = identifier.items()
    if name == "id":
        return context.shop.customer(read_gid(value, "Customer"))
    field = "email" if name == "emailAddress" else "phone"
    wanted = value.strip().casefold()
    fitting = (each for each in context.shop.state.customers if (getattr(each, field) or "").casefold() == wanted)
    return next(fitting, None)


def _update(source: None, context: Context, arguments: Arguments) -> Answer:
    words = arguments["input"]
    if "id" not in words:
        return _refused([UserError(["id"], "Customer id is required")])
    customer = context.shop.customer(read_gid(words["id"], "Customer"))
    if customer is None:
        return _refused([UserError(["id"], "Customer does not exist")])
    if foreign := context.shop.mischief.foreign_note_for(customer.id):
        # The merchant was quicker: their text lands between this app's reading and its writing.
        customers.edit_customer(shop=context.shop, customer=customer, changes={"note": foreign.text}, by="foreign")
    changes = _values(context.shop, words)
    errors = customers.edit_customer(shop=context.shop, customer=customer, changes=changes, by="api")
    return _refused(errors) if errors else {"customer": customer, "userErrors": []}


def _create(source: None, context: Context, arguments: Arguments) -> Answer:
    values = _values(context.shop, arguments["input"])
    customer, errors = customers.add_customer(shop=context.shop, values=values, by="api")
    return {"customer": customer, "userErrors": user_errors(errors)}


def _delete(source: None, context: Context, arguments: Arguments) -> Answer:
    value = arguments["input"]["id"]
    customer = context.shop.customer(read_gid(value, "Customer"))
    if customer is None:
        errors = [UserError(["id"], "Customer can't be found")]
    else:
        errors = customers.delete_customer(shop=context.shop, customer=customer)
    return {"deletedCustomerId": None if errors else value, "userErrors": user_errors(errors)}


def _refused(errors: list[UserError]) -> Answer:
    return {"customer": None, "userErrors": user_errors(errors)}


def _values(shop: Shop, words: Arguments) -> Answer:
    values = {INPUT_FIELDS[name]: value for name, value in words.items() if name in INPUT_FIELDS}
    if words.get("addresses") is not None:
        values["addresses"] = [customers.new_address(shop, address) for address in words["addresses"]]
    return values


def _add_tags(source: None, context: Context, arguments: Arguments) -> Answer:
    return _retag(context, arguments, lambda old, tags: [*old, *tags])


def _remove_tags(source: None, context: Context, arguments: Arguments) -> Answer:
    return _retag(context, arguments, lambda old, tags: [tag for tag in old if tag not in tags])


def _retag(context: Context, arguments: Arguments, change: Any) -> Answer:
    customer = context.shop.customer(read_gid(arguments["id"], "Customer"))
    if customer is None:
        return {"node": None, "userErrors": user_errors([UserError(["id"], "Customer does not exist")])}
    changes = {"tags": change(customer.tags, arguments["tags"])}
    errors = customers.edit_customer(shop=context.shop, customer=customer, changes=changes, by="api")
    return {"node": None if errors else customer, "userErrors": user_errors(errors)}


def _email(customer: Customer, context: Context, arguments: Arguments) -> Answer | None:
    return email_address(customer.email, is_subscribed="newsletter" in customer.tags)


def _addresses(customer: Customer, context: Context, arguments: Arguments) -> Page[Address]:
    return page(customer.addresses, arguments, sort_by=lambda each: each.id, identify=lambda each: each.id)


def _lifetime(customer: Customer, context: Context, arguments: Arguments) -> str:
    days = (clock.now() - customer.created_at).days
    for length, word in ((365, "year"), (30, "month"), (1, "day")):
        if days >= length:
            number = days // length
            return f"about {number} {word}{'s' if number > 1 else ''}"
    return "less than a day"


def _image(customer: Customer, context: Context, arguments: Arguments) -> Answer:
    return {
        "id": None,
        "altText": None,
        "url": f"{context.shop.public_url}/images/person.svg",
        "width": 160,
        "height": 160,
    }


def _last_order(customer: Customer, context: Context, arguments: Arguments) -> Any:
    return max(context.shop.orders_of(customer), key=lambda each: each.created_at, default=None)


def _spent(customer: Customer, context: Context, arguments: Arguments) -> Answer:
    return money_of(amount_spent(context.shop, customer), context.shop.state.currency)


def _formatted(address: Address, context: Context, arguments: Arguments) -> list[str]:
    name = " ".join(filter(None, (address.first_name, address.last_name))) if arguments.get("withName") else None
    company = address.company if arguments.get("withCompany", True) else None
    place = " ".join(filter(None, (address.zip, address.city, address.province_code)))
    return [each for each in (name, company, address.address1, address.address2, place, address.country) if each]


FIELDS: dict[str, Resolver] = {
    "QueryRoot.customer": _customer,
    "QueryRoot.customers": _customers,
    "QueryRoot.customersCount": _count,
    "QueryRoot.customerByIdentifier": _by_identifier,
    "Mutation.customerUpdate": _update,
    "Mutation.customerCreate": _create,
    "Mutation.customerDelete": _delete,
    "Mutation.tagsAdd": _add_tags,
    "Mutation.tagsRemove": _remove_tags,
    "Customer.id": record_gid,
    "Customer.legacyResourceId": lambda customer, context, arguments: customer.id,
    "Customer.displayName": lambda customer, context, arguments: display_name(customer),
    "Customer.numberOfOrders": lambda customer, context, arguments: len(context.shop.orders_of(customer)),
    "Customer.amountSpent": _spent,
    "Customer.canDelete": lambda customer, context, arguments: not context.shop.orders_of(customer),
    "Customer.defaultEmailAddress": _email,
    "Customer.defaultPhoneNumber": lambda customer, context, arguments: phone_number(customer.phone),
    "Customer.defaultAddress": lambda customer, context, arguments: next(iter(customer.addresses), None),
    "Customer.addressesV2": _addresses,
    "Customer.image": _image,
    "Customer.lastOrder": _last_order,
    "Customer.lifetimeDuration": _lifetime,
    "MailingAddress.id": record_gid,
    "MailingAddress.name": lambda each, context, arguments: " ".join(filter(None, (each.first_name, each.last_name))),
    "MailingAddress.countryCodeV2": lambda each, context, arguments: each.country_code,
    "MailingAddress.formatted": _formatted,
    "MailingAddress.formattedArea": lambda each, context, arguments: ", ".join(filter(None, (each.city, each.country))),
    "MailingAddress.timeZone": lambda each, context, arguments: None,
}
