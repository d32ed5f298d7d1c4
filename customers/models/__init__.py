"""Nouns of customers."""

from customers.models.address import CustomerAddress
from customers.models.comparison import BlockingKey, ComparedFacts, ComparisonBasis, ValueCount
from customers.models.contact import Contact, CustomerContact
from customers.models.custom_field import CustomerFieldValue, CustomField, FieldOption
from customers.models.customer import Customer, MergedAway
from customers.models.customer_export import CustomerExport
from customers.models.customer_import import CustomerImport, ImportRow
from customers.models.legal_details import LegalDetails
from customers.models.merge import Merge
from customers.models.note import CustomerNote, NoteDraft, NoteVersion
from customers.models.presence import Presence
from customers.models.source import CustomerSource
from customers.models.suggestion import Dismissal, Suggestion
from customers.models.tag import CustomerTag
from customers.models.timeline_note import TimelineNote
from customers.models.totals import CustomerTotals

__all__ = [
    "BlockingKey",
    "ComparedFacts",
    "ComparisonBasis",
    "Contact",
    "CustomField",
    "Customer",
    "CustomerAddress",
    "CustomerContact",
    "CustomerExport",
    "CustomerFieldValue",
    "CustomerImport",
    "CustomerNote",
    "CustomerSource",
    "CustomerTag",
    "CustomerTotals",
    "Dismissal",
    "FieldOption",
    "ImportRow",
    "LegalDetails",
    "Merge",
    "MergedAway",
    "NoteDraft",
    "NoteVersion",
    "Presence",
    "Suggestion",
    "TimelineNote",
    "ValueCount",
]
