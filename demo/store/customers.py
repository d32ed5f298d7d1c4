"""What can happen to a customer, whether an app, a merchant or a test does it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from demo.store import clock, payloads
from demo.store.records import Address, Customer
from demo.store.shop import Shop, new_event

NOTE_LIMIT = 5000  # Characters. Shopify's schema states it for merged notes and for orders.
TAG_LIMIT = 250
ADDRESS_WORDS = ("company", "address1", "address2", "city", "phone", "zip")


@dataclass(frozen=True)
class UserError:
    """A refusal in Shopify's shape."""

    field: list[str]
    message: str


def edit_customer(*, shop: Shop, customer: Customer, changes: Mapping[str, Any], by: str) -> list[UserError]:
    """Set the given fields (names of the record). Equal values change nothing: no new stamp, no webhook."""
    changes = {name: _tidied(name, value) for name, value in changes.items()}
    if errors := _refusals(shop, customer, changes):
        return errors
    before = {name: getattr(customer, name) for name in changes}
    if "note" in changes:
        shop.journal.note(customer.id, changes["note"], by)
    if before == changes:
        return []
    for name, value in changes.items():
        setattr(customer, name, value)
    customer.updated_at = clock.now()
    event = new_event()
    shop.announce("customers/update", payloads.customer_body(shop.state, customer), event)
    if "tags" in changes:
        _announce_tags(shop, customer, before["tags"], event)
    return []


def add_customer(*, shop: Shop, values: Mapping[str, Any], by: str) -> tuple[Customer | None, list[UserError]]:
    """A new customer with the given fields, or the reasons against it."""
    values = {name: _tidied(name, value) for name, value in values.items()}
    now = clock.now()
    customer = Customer(id=shop.new_id(), created_at=now, updated_at=now)
    errors = _refusals(shop, customer, values)
    if not any(values.get(name) for name in ("first_name", "last_name", "email", "phone")):
        errors.append(UserError([], "A name, phone number, or email address must be present"))
    if errors:
        return None, errors
    for name, value in values.items():
        setattr(customer, name, value)
    shop.state.customers.append(customer)
    if customer.note is not None:
        shop.journal.note(customer.id, customer.note, by)
    shop.announce("customers/create", payloads.customer_body(shop.state, customer), new_event())
    return customer, []


def delete_customer(*, shop: Shop, customer: Customer) -> list[UserError]:
    """Remove a customer who never ordered; others Shopify keeps."""
    if shop.orders_of(customer):
        return [UserError(["id"], "Customer can't be deleted because they have associated orders")]
    shop.state.customers.remove(customer)
    shop.announce("customers/delete", payloads.deleted_customer_body(customer.id), new_event())
    return []


def touch_customer(*, shop: Shop, customer: Customer, event_id: str) -> None:
    """An order touches its customer: a new stamp and a webhook that repeats the old note."""
    customer.updated_at = clock.now()
    shop.announce("customers/update", payloads.customer_body(shop.state, customer), event_id)


def new_address(shop: Shop, words: Mapping[str, Any]) -> Address:
    """An address from MailingAddressInput; the names of country and province are not looked up."""
    return Address(
        id=shop.new_id(),
        first_name=words.get("firstName"),
        last_name=words.get("lastName"),
        country=words.get("countryCode"),
        country_code=words.get("countryCode"),
        province=words.get("provinceCode"),
        province_code=words.get("provinceCode"),
        **{name: words.get(name) for name in ADDRESS_WORDS},
    )


def _tidied(name: str, value: Any) -> Any:
    if name == "email" and value is not None:
        return value.strip() or None
    if name == "phone" and value is not None:
        return re.sub(r"[\s().-]", "", value) or None
    return list(dict.fromkeys(value)) if name == "tags" else value


def _refusals(shop: Shop, customer: Customer, changes: Mapping[str, Any]) -> list[UserError]:
    errors = []
    if len(changes.get("note") or "") > NOTE_LIMIT:
        errors.append(UserError(["note"], f"Note is too long (maximum is {NOTE_LIMIT} characters)"))
    if len(changes.get("tags") or ()) > TAG_LIMIT:
        errors.append(UserError(["tags"], f"Tags cannot be more than {TAG_LIMIT}"))
    for name, shape in (("email", r"[^@\s]+@[^@\s]+\.[^@\s]+"), ("phone", r"\+\d{7,15}")):
        errors += _refusal_of_contact(shop, customer, name, shape, changes.get(name))
    return errors


def _refusal_of_contact(shop: Shop, customer: Customer, name: str, shape: str, value: str | None) -> list[UserError]:
    """An e-mail address or phone number belongs to one customer of a shop only."""
    if value is None:
        return []
    if not re.fullmatch(shape, value):
        return [UserError([name], f"{name.capitalize()} is invalid")]
    others = (getattr(each, name) for each in shop.state.customers if each is not customer)
    if value.lower() in (other.lower() for other in others if other):
        return [UserError([name], f"{name.capitalize()} has already been taken")]
    return []


def _announce_tags(shop: Shop, customer: Customer, before: list[str], event_id: str) -> None:
    changed = {
        "customer.tags_added": [tag for tag in customer.tags if tag not in before],
        "customer.tags_removed": [tag for tag in before if tag not in customer.tags],
    }
    for topic, tags in changed.items():
        if tags:
            shop.announce(topic, payloads.tags_body(customer.id, tags, customer.updated_at), event_id)
