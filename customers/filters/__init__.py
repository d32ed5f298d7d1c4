"""Which customers a list shows, in which order, with which columns, and how that is said in words."""

from customers.filters.columns import PREFERENCE, Column, chosen_columns, read_columns
from customers.filters.customer_filter import CustomerFilter
from customers.filters.describing import Chip, chips_of
from customers.filters.listing import SECONDS, Listing, list_url, read_listing
from customers.filters.narrowing import narrow

__all__ = [
    "PREFERENCE",
    "SECONDS",
    "Chip",
    "Column",
    "CustomerFilter",
    "Listing",
    "chips_of",
    "chosen_columns",
    "list_url",
    "narrow",
    "read_columns",
    "read_listing",
]
