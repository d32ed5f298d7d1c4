"""The doors at which an inbox's mail provider calls: /public/mail/hooks/<key>/inbound/ and /…/reports/."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels.kinds import CallPurpose
from channels.services import calling
from core import clock


@csrf_exempt
@transaction.non_atomic_requests
@require_http_methods(["POST", "HEAD"])
def inbound(request: HttpRequest, key: str) -> HttpResponse:
    """Mail that came in."""
    return _take(request, key, CallPurpose.INBOUND)


@csrf_exempt
@transaction.non_atomic_requests
@require_http_methods(["POST", "HEAD"])
def reports(request: HttpRequest, key: str) -> HttpResponse:
    """What became of mail that went out."""
    return _take(request, key, CallPurpose.REPORT)


def _take(request: HttpRequest, key: str, purpose: CallPurpose) -> HttpResponse:
    """200 once the call is stored, 401 without the password or with a wrong one, 404 when nobody waits for it, 413 when
    it is too large. It is read later: a provider waits for seconds only, and what we cannot read we still have.
    """
    if request.method == "HEAD":  # some providers look first whether somebody is there
        return HttpResponse()
    try:
        door = calling.find_door(key=key, authorization=request.headers.get("Authorization", ""))
        body = request.read(calling.MOST_BYTES + 1)  # not `body`, which takes no more than a form of a page has
        if len(body) > calling.MOST_BYTES:
            return HttpResponse(status=413)
        calling.store_call(door=door, purpose=purpose, headers=request.headers, body=body, at=clock.now())
    except calling.NoHook:
        return HttpResponse(status=404)
    except (calling.NotSignedIn, calling.WrongSecret):
        # Amazon sends the password only after it was asked for it in this way.
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="mail"'})
    return HttpResponse()
