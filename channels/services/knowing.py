"""What is known of a customer from mails in and out."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from channels.models import BlockedSender, Delivery, MailReference, ProviderCall, RawMail, Unsubscribed
from customers.knowledge import Enclosed, Held, Person, mentions
from customers.services.knowing import emails_of
from files.models import StoredFile
from files.services.storing import destroy, open_file, store


def _mails(person: Person) -> QuerySet[Any, Any]:
    """What arrived from them, or became a message of theirs; quarantined ones too."""
    theirs = Q(message__ticket__customer=person.customer) | Q(message__author_customer=person.customer)
    return RawMail.objects.filter(theirs | Q(sender__in=emails_of(person)))


def _deliveries(person: Person) -> QuerySet[Any, Any]:
    return Delivery.objects.filter(Q(message__ticket__customer=person.customer) | Q(recipient__in=emails_of(person)))


def _references(person: Person) -> QuerySet[Any, Any]:
    theirs = Q(of_message__ticket__customer=person.customer) | Q(of_message__author_customer=person.customer)
    return MailReference.objects.filter(theirs)


def _files(person: Person) -> QuerySet[StoredFile, StoredFile]:
    return StoredFile.objects.filter(pk__in=set(_mails(person).values_list("file_id", flat=True)))


def _let_go(person: Person) -> None:
    """The mails stay known by their keys, so that none is taken twice; all of them share an empty file."""
    if _mails(person).exists():
        empty = store(name="erased.eml", content_type="message/rfc822", content=b"")
        _mails(person).update(file=empty)


def search(person: Person) -> None:
    """Calls of mail providers that brought a mail of theirs."""
    with transaction.atomic():
        calls = list(ProviderCall.objects.select_related("file"))
    for call in calls:
        if _mentions(call, person):
            with transaction.atomic():
                ProviderCall.objects.filter(pk=call.pk).delete()
                destroy(call.file)


def _mentions(call: ProviderCall, person: Person) -> bool:
    try:
        with open_file(call.file) as file:
            return mentions(file.read().decode(errors="replace"), person)
    except FileNotFoundError:
        return False  # what is lost says nothing


HELD = (
    Held("mails sent", Delivery, _deliveries, {"recipient": "", "mail_id": "", "error": "", "provider_id": ""}),
    Held("ids of mails", MailReference, _references),
    Held("mails", RawMail, _mails, {"sender": "", "subject": "", "reason": "", "message": None}),
    Held("not to be mailed", Unsubscribed, lambda person: Unsubscribed.objects.filter(address__in=emails_of(person))),
    Held("blocked", BlockedSender, lambda person: BlockedSender.objects.filter(address__in=emails_of(person))),
)
ENCLOSED = (Enclosed("mails", _files, _let_go),)
