"""Mail that a provider hands over by webhook for the whole installation: who is meant stands in the mail."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels.base import Call, HandedMail, TryAgain, Unparseable
from channels.kinds import Way
from channels.registry import channel
from channels.services import calling
from channels.services.addressing import Place, find_place
from channels.services.receiving import store_at
from core import clock

KIND = "email"

log = structlog.get_logger(__name__)


@csrf_exempt
@transaction.non_atomic_requests
@require_http_methods(["POST", "HEAD"])
def take(request: HttpRequest, provider: str) -> HttpResponse:
    """Answers 200 once every mail is stored, 400 to a wrong secret, 404 to nonsense or when no inbox answers at any of
    its addresses: providers keep what was not taken, show it, and come again. An inbox's own address for its provider
    (channels.views.calling) does more.
    """
    secret = settings.ANYMAIL["WEBHOOK_SECRET"]
    if not secret or provider not in {one.name for one in channel(KIND).providers()}:
        raise Http404
    if request.method == "HEAD":  # some providers look first whether somebody is there
        return HttpResponse()
    if not calling.is_signed_in(authorization=request.headers.get("Authorization", ""), user_and_password=secret):
        raise BadRequest
    body = request.read(calling.MOST_BYTES + 1)  # not `body`, which takes no more than a form of a page has
    if len(body) > calling.MOST_BYTES:
        return HttpResponse(status=413)
    for mail in _mails(Call(provider, {"content-type": request.headers.get("Content-Type", "")}, body)):
        places = _places(mail)
        if not places:
            log.warning("provider.nobody_answers", provider=provider)
            raise Http404
        for place in places:
            store_at(place=place, raw=mail.raw, way=Way.PROVIDER, at=clock.now())
    return HttpResponse()


def _mails(call: Call) -> Sequence[HandedMail]:
    try:
        return channel(KIND).read_handed(call)
    except (Unparseable, TryAgain) as error:
        log.warning("provider.not_understood", provider=call.provider, error=str(error))
        raise Http404 from error


def _places(mail: HandedMail) -> list[Place]:
    found = (find_place(address) for address in mail.recipients)
    return list(dict.fromkeys(place for place in found if place))
