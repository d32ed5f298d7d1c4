"""Under which keys a profile is found by those that may be the same person: only who shares one is ever compared."""

from __future__ import annotations

from collections.abc import Iterator

from customers.resemblance.commonness import local_part
from customers.resemblance.facts import Facts

# Letters that are taken for one another when a name is heard and written down.
_ALIKE = str.maketrans("bvwdgcqzxjm", "pfftkkkssyn")
_SILENT = frozenset("aeiouyh")


def keys_of(facts: Facts) -> frozenset[str]:
    """Each a letter for its kind and what it is made of; one slip of the finger leaves some of them as they were."""
    return frozenset(_keys(facts))


def _keys(facts: Facts) -> Iterator[str]:
    names = [name for name in (facts.first, facts.last) if name]
    yield from contact_keys(facts)
    for email in facts.emails:
        if len(local_part(email)) > 3:
            yield f"l{local_part(email)}"
    if len(names) == 2:
        yield "n" + "|".join(sorted(map(sound, names)))  # whichever stands first
    if facts.birthday:
        yield f"b{facts.birthday}"
        for name in names:
            yield f"y{facts.birthday[:4]}{name[:3]}"
            yield f"d{facts.birthday[4:]}{name[:3]}"
    for name in names:
        if facts.postal_code:
            yield f"p{facts.postal_code}{name[:2]}"
        if facts.city:
            yield f"c{facts.city} {name[:4]}"
        if facts.house_number:
            yield f"h{facts.house_number}{name[:4]}"
    if len(facts.street) > 6:
        yield "s" + " ".join(sorted(facts.street.split()))
    if facts.house_number and facts.postal_code:
        yield f"g{facts.house_number} {facts.postal_code}"


def contact_keys(facts: Facts) -> Iterator[str]:
    """Those that only holders of one contact share, and whose orders were placed with it."""
    yield from (email_key(email) for email in (*facts.emails, *facts.order_emails))
    yield from (phone_key(phone) for phone in (*facts.phones, *facts.order_phones))
    yield from (handle_key(handle) for handle in facts.handles)


def email_key(email: str) -> str:
    return f"e{email}"


def phone_key(phone: str) -> str:
    return f"t{phone}"


def handle_key(handle: str) -> str:
    return f"@{handle}"


def sound(name: str) -> str:
    """Its consonants, alike ones as one and doubled ones once, as far as the fourth."""
    heard = ""
    for place, letter in enumerate(name.translate(_ALIKE)):
        if place and letter in _SILENT:
            continue
        if not heard.endswith(letter):
            heard += letter
    return heard[:4]
