"""What is known of a customer from mails in and out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from channels.kinds import CallState, Outcome
from channels.models import (
    BlockedSender,
    Delivery,
    MailAccount,
    MailReference,
    ProviderCall,
    ProviderHook,
    RawMail,
    Unsubscribed,
)
from channels.services.unwrapping import unwrapped
from core.database.windows import windows
from customers.knowledge import Enclosed, Held, Person, Texts, mentions
from customers.services.knowing import emails_of
from customers.services.striking import find_rows
from files.models import StoredFile
from files.services.storing import destroy, open_file, store
from tickets.models import Message, Recipient
from tickets.services.knowing import messages_of

ERASED = "Erased with its sender."


def _mails(person: Person) -> QuerySet[Any, Any]:
    """What arrived from them, or became a message of theirs; quarantined ones too."""
    return RawMail.objects.filter(Q(message__in=_messages(person)) | Q(sender__in=emails_of(person)))


def _deliveries(person: Person) -> QuerySet[Any, Any]:
    return Delivery.objects.filter(Q(message__in=_messages(person)) | Q(recipient__in=emails_of(person)))


def _references(person: Person) -> QuerySet[Any, Any]:
    return MailReference.objects.filter(of_message__in=_messages(person))


def _messages(person: Person) -> list[int]:
    return list(messages_of(person).values_list("pk", flat=True))


def _files(person: Person) -> QuerySet[StoredFile, StoredFile]:
    return StoredFile.objects.filter(pk__in=set(_mails(person).values_list("file_id", flat=True)))


def _let_go(person: Person) -> None:
    """The mails stay known by their keys, so that none is taken twice; all of them share an empty file."""
    if _mails(person).exists():
        _mails(person).update(file=_empty())


def _empty() -> StoredFile:
    return store(name="erased.eml", content_type="message/rfc822", content=b"")


def search(person: Person) -> None:
    """Calls of mail providers, most of which are not needed any more, and mails of others that mention the person."""
    with transaction.atomic():
        calls = list(ProviderCall.objects.exclude(state=CallState.RECEIVED).select_related("file"))
    for call in calls:
        # A mail in it may be in any wrapping; of those that failed, which somebody may want worked again, it is looked.
        if call.state != CallState.FAILED or _mentions(call.file, person):
            with transaction.atomic():
                ProviderCall.objects.filter(pk=call.pk).delete()
                destroy(call.file)
    _empty_mails(_naming(person))
    for mails in windows(RawMail.objects.all()):
        with transaction.atomic():
            others = mails.filter(message=None, file__size__gt=0).exclude(sender__in=emails_of(person))
            unread = list(others.exclude(outcome=Outcome.RECEIVED).select_related("file"))
        _empty_mails([mail for mail in unread if _mentions(mail.file, person)])


def _naming(person: Person) -> list[RawMail]:
    """Mails that became messages of others and name the person: in the new text, below it, or among the recipients."""
    said = Texts(Message, ("text", "quoted", "html"))
    with transaction.atomic():
        copied = Recipient.objects.filter(address__in=emails_of(person)).values_list("message_id", flat=True)
        theirs, found = set(_messages(person)), set(copied)
    for ids in find_rows(said, person):
        found.update(ids)
    with transaction.atomic():
        return list(RawMail.objects.filter(message__in=found - theirs, file__size__gt=0).select_related("file"))


def _empty_mails(mails: Iterable[RawMail]) -> None:
    """The row says what became of the mail; its bytes, which nobody can take a few words out of, go."""
    for mail in mails:
        with transaction.atomic():
            file = mail.file
            RawMail.objects.filter(pk=mail.pk).update(file=_empty())
            destroy(file)


def _mentions(file: StoredFile, person: Person) -> bool:
    try:
        with open_file(file) as opened:
            return any(mentions(text, person) for text in unwrapped(opened.read()))
    except FileNotFoundError:
        return False  # what is lost says nothing


HELD = (
    Held("mails sent", Delivery, _deliveries, {"recipient": "", "mail_id": "", "error": "", "provider_id": ""}),
    Held("ids of mails", MailReference, _references),
    Held("mails", RawMail, _mails, {"sender": "", "subject": "", "reason": ERASED, "message": None}),
    Held("not to be mailed", Unsubscribed, lambda person: Unsubscribed.objects.filter(address__in=emails_of(person))),
    Held("blocked", BlockedSender, lambda person: BlockedSender.objects.filter(address__in=emails_of(person))),
)
ENCLOSED = (Enclosed("mails", _files, _let_go),)
TEXTS = (
    Texts(RawMail, ("subject", "reason")),
    Texts(Delivery, ("error",)),
    Texts(ProviderCall, ("reason",)),
    Texts(ProviderHook, ("last_error",)),
    Texts(MailAccount, ("last_error",)),
)
