"""Look customers up in Shopify's search and keep only those that are truly meant: its search is one of similar words.

https://shopify.dev/docs/api/usage/search-syntax
"""

import string

import phonenumbers

from integrations.types import StoreCustomerFacts

# Only ASCII letters lose their case, and nothing is normalized: else the Kelvin sign becomes a k and two people one.
ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
LONGEST_TERM = 320


def search_query(email: str, phone: str) -> str:
    """The search for either value; "" when there is nothing to search for."""
    terms = [f"{name}:{_quoted(value)}" for name, value in (("email", email), ("phone", phone)) if value]
    return " OR ".join(terms)


def is_match(customer: StoreCustomerFacts, email: str, phone: str) -> bool:
    """Whether the customer has this very e-mail or phone, both as `fold_email` and `fold_phone` spell them."""
    has_email = bool(email) and email in {fold_email(value) for value in customer.emails}
    has_phone = bool(phone) and phone in {fold_phone(value) for value in customer.phones}
    return has_email or has_phone


def fold_email(text: str | None) -> str:
    """The spelling to compare e-mails by, "" for none or for one too long to be an address."""
    folded = (text or "").strip().translate(ASCII_LOWER)
    return folded if len(folded) <= LONGEST_TERM else ""


def fold_phone(text: str | None) -> str:
    """E.164, or "" for a number that does not say its country: guessing one could match a stranger."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(text or ""), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        return ""


def _quoted(value: str) -> str:
    """A value that cannot leave its quotes, whatever a customer wrote into it."""
    printable = "".join(c for c in value if c.isprintable())
    escaped = printable.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
