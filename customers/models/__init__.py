"""Nouns of customers."""

from customers.models.contact import Contact, CustomerContact
from customers.models.customer import Customer
from customers.models.note import CustomerNote, NoteDraft, NoteVersion
from customers.models.presence import Presence

__all__ = ["Contact", "Customer", "CustomerContact", "CustomerNote", "NoteDraft", "NoteVersion", "Presence"]
