"""Contacts that somebody gave without proof (B10). An agent who knows better verifies them (contacting)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from customers.models import Customer, CustomerContact
from customers.services import contacting, finding


def claim_contact(*, customer: Customer, kind: str, typed: str, actor: Actor, at: datetime) -> CustomerContact:
    """Note a contact that somebody says is theirs: it matches no sender until it is verified.

    Raises NotAnAddress or AlreadyHeld.
    """
    spelled = finding.spell(kind=kind, typed=typed)
    with transaction.atomic():
        contacting.lock_contacts_of(customer)
        contact = finding.lock_contact(kind=kind, value=spelled.value)
        extension = spelled.extension
        return contacting.hold(
            customer=customer, contact=contact, typed=typed, actor=actor, extension=extension, claimed_at=at
        )
