"""Work the stored calls of mail providers: mail that came in, and what became of mail that went out."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.tenancy import active_tenant_id
from channels.base import Call, HandedMail, TryAgain, Unparseable
from channels.kinds import CallPurpose, CallState, Way
from channels.models import Delivery, MailTransport, ProviderCall, ProviderHook
from channels.registry import channel
from channels.services import calling, joining, receiving, tracking
from channels.services.addressing import find_place
from channels.types import ProviderLogin, Report
from core.http import HttpClient, HttpError
from files.services import storing
from tickets.models import Inbox, Message

# A report may overtake the commit that says by which name the provider knows the message.
PATIENCE = timedelta(seconds=30)

log = structlog.get_logger(__name__)


def work_call(*, call_id: int, at: datetime) -> None:
    """Work a stored call, unless that was done. Call outside a transaction. Raises TryAgain."""
    with transaction.atomic():
        call = ProviderCall.objects.select_related("hook__inbox", "file").filter(pk=call_id).first()
        if call is None or call.is_done:
            return
        login = _login(call.hook)
    try:
        body = storing.read(call.file)
        told = Call(provider=call.hook.provider, headers=call.headers, body=body, login=login)
        _WORKERS[CallPurpose(call.purpose)](call, told, at)
    except Unparseable as error:
        calling.fail_call(call_id=call_id, reason=str(error), at=at)
    except FileNotFoundError:
        log.exception("call.lost", call=call.pk)
        calling.fail_call(call_id=call_id, reason="Its file is gone from the storage.", at=at)


def _take_mails(call: ProviderCall, told: Call, at: datetime) -> None:
    if _confirm(call, told):
        return
    handed = channel(call.hook.inbox.kind).read_handed(told)
    with transaction.atomic():
        call = ProviderCall.objects.select_related("hook__inbox").locked(call)
        if call.is_done:
            return
        for mail in handed:
            for inbox in _inboxes(mail, call.hook.inbox):
                receiving.store_mail(inbox=inbox, raw=mail.raw, way=Way.PROVIDER, at=at)
        _finish(call, len(handed), "mail")


def _take_reports(call: ProviderCall, told: Call, at: datetime) -> None:
    if _confirm(call, told):
        return
    reports = channel(call.hook.inbox.kind).read_reports(told)
    taken = [_take_report(one, at) for one in reports]
    # Those that were taken stay taken: taking them again changes nothing.
    if None in taken and at - call.received_at < PATIENCE:
        raise TryAgain("Reports about a message that we do not know yet.")
    with transaction.atomic():
        call = ProviderCall.objects.locked(call)
        if not call.is_done:
            _finish(call, taken.count(True), "report")


def _take_report(report: Report, at: datetime) -> bool | None:
    """Whether it was about a recipient of a message of ours; None when no message is known by such a name."""
    with transaction.atomic():
        message = _message(report.mail_ids)
        return tracking.take_report(message=message, report=report, at=at) if message else None


def _message(names: tuple[str, ...]) -> Message | None:
    delivery = Delivery.objects.filter(provider_id__in=names).select_related("message").first()
    if delivery is not None:
        found: Message = delivery.message
        return found
    known = (joining.find_message(f"<{name.strip('<>')}>") for name in names)
    return next((one for one in known if one is not None), None)


def _finish(call: ProviderCall, count: int, what: str) -> None:
    if count:
        call.mark(CallState.DONE, reason=f"{count} {what}{'' if count == 1 else 's'}")
    else:
        call.mark(CallState.IGNORED, reason=f"No {what} of ours in it")


def _confirm(call: ProviderCall, told: Call) -> bool:
    """Whether the call only asked if we want to be called; then it was answered."""
    url = channel(call.hook.inbox.kind).confirmation_of(told)
    if not url:
        return False
    client = HttpClient()
    try:
        status = client.get(url, redirects=0).status
    except HttpError as error:
        raise TryAgain(f"The subscription could not be confirmed: {error}.") from error
    finally:
        client.close()
    if status != 200:
        raise TryAgain(f"The subscription could not be confirmed: the provider answered {status}.")
    with transaction.atomic():
        call.mark(CallState.DONE, reason="The subscription was confirmed")
    return True


def _inboxes(mail: HandedMail, own: Inbox) -> list[Inbox]:
    """Those of this workspace at the addresses the mail was sent to; the hook's own when none of them is."""
    places = dict.fromkeys(place for address in mail.recipients if (place := find_place(address)))
    ids = [place.inbox_id for place in places if place.tenant_id == active_tenant_id()]
    return list(Inbox.objects.filter(pk__in=ids)) or [own]


def _login(hook: ProviderHook) -> ProviderLogin | None:
    found = MailTransport.objects.filter(inbox_id=hook.inbox_id, kind=hook.provider).first()
    return ProviderLogin(found.kind, found.secret, found.options) if found else None


_WORKERS = {CallPurpose.INBOUND: _take_mails, CallPurpose.REPORT: _take_reports}
