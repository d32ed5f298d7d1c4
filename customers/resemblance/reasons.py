"""What may speak for or against two profiles being one person."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """The first ones agree, and are shown as evidence; those behind only weigh."""

    SAME_EMAIL = "same e-mail"
    LIKE_EMAIL = "alike e-mail"
    SAME_PHONE = "same phone"
    SAME_HANDLE = "same handle"
    SAME_ORDER = "same order"
    SAME_NAME = "same name"
    LIKE_NAME = "alike name"
    SWAPPED_NAME = "first and last name swapped"
    SAME_BIRTHDAY = "same birthday"
    LIKE_BIRTHDAY = "alike birthday"
    SAME_STREET = "same street"
    LIKE_STREET = "alike street"
    SAME_POSTAL_CODE = "same postal code"
    SAME_CITY = "same city"
    BOTH_LIKE = "both like a third"
    EMAIL = "e-mail"
    PHONE = "phone"
    NAME = "name"
    BIRTHDAY = "birthday"
    PLACE = "address"
    SEX = "sex"


# What people are shown as evidence.
SHOWN = frozenset(
    {
        *(Reason.SAME_EMAIL, Reason.LIKE_EMAIL, Reason.SAME_PHONE, Reason.SAME_HANDLE),
        Reason.SAME_ORDER,
        *(Reason.SAME_NAME, Reason.LIKE_NAME, Reason.SWAPPED_NAME, Reason.SAME_BIRTHDAY, Reason.LIKE_BIRTHDAY),
        *(Reason.SAME_STREET, Reason.LIKE_STREET, Reason.SAME_POSTAL_CODE, Reason.SAME_CITY, Reason.BOTH_LIKE),
    }
)


class Said(NamedTuple):
    """Bits for one person where they are above 0, against where below. `at_home` is what the same says for two people
    of one home, who share a name, an address and a phone.
    """

    reason: Reason
    bits: float
    at_home: float = 0.0
