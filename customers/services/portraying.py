"""The picture of a customer: shown in the place of initials."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from accounts.kinds import Actor
from core.pictures import read_picture
from core.text import clean_text
from customers.kinds import CustomerEvent
from customers.models import Customer
from events.services.recording import record
from files.models import StoredFile
from files.services import storing

LARGEST = 5 * 2**20  # bytes
MOST_PIXELS = 50_000_000  # what a small file unfolds to in the browsers of all who look at it


class NotAPhoto(ValueError):
    """No picture that browsers show, too large, or cut off; the text says which, in words for the agent."""


class PhotoContested(Exception):
    """Somebody else changed the photo meanwhile. Nothing was saved."""


@dataclass(frozen=True)
class Photo:
    """A picture that was judged by its content; `name` is for people only."""

    name: str
    content_type: str
    content: bytes


def judge_photo(*, name: str, content: bytes) -> Photo:
    """Raises NotAPhoto."""
    if len(content) > LARGEST:
        raise NotAPhoto("A photo may have at most 5 MB.")
    picture = read_picture(content)
    if picture is None:
        raise NotAPhoto("This is no picture. Choose a PNG, JPEG, GIF or WebP file.")
    if picture.width * picture.height > MOST_PIXELS:
        raise NotAPhoto("This picture is too large: at most 50 million pixels.")
    shown = " ".join(clean_text(name).split()) or "photo"
    return Photo(shown, picture.content_type, content)


def set_photo(*, customer: Customer, photo: Photo | None, actor: Actor, based_on: str | None = None) -> bool:
    """Show it instead of the one before; None takes that one off. Returns whether it changed.

    The one before is kept, for history to bring it back. `based_on` is the key of the photo the writer saw, "" for
    none. Raises PhotoContested.
    """
    with transaction.atomic():
        customer = Customer.objects.locked_unmerged(customer)
        before = customer.photo
        if before is None and photo is None:
            return False
        if based_on is not None and based_on != (before.key if before else ""):
            raise PhotoContested
        show_photo(customer=customer, photo=_store(photo) if photo else None, actor=actor)
    return True


def show_photo(*, customer: Customer, photo: StoredFile | None, actor: Actor) -> None:
    """Show one that is kept already, or none. Call with the customer locked."""
    customer.photo = photo
    customer.sign(actor)
    customer.save(update_fields=["photo"])
    _record(customer, actor)


def _record(customer: Customer, actor: Actor) -> None:
    record(
        CustomerEvent.EDITED,
        subject=customer,
        actor=actor,
        data={"fields": ["photo"]},
        customer_id=customer.pk,
        live=[customer.live_name],
        wakes=False,  # nothing that is compared
    )


def _store(photo: Photo) -> StoredFile:
    return storing.store(name=photo.name, content_type=photo.content_type, content=photo.content)
