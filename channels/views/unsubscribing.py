"""The page behind "Unsubscribe" in our automatic mail; whoever has the mail may, without a sign-in."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels.services import unsubscribing
from channels.services.unsubscribing import Subscription


@csrf_exempt  # mail programs post here of themselves, with nothing but the address (RFC 8058, section 3.2)
@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Asking for the page changes nothing: programs that look for harm in mails do it, too."""
    found = unsubscribing.find_subscription(token=token)
    if found is None:
        return render(request, "channels/unsubscribe_gone.html", status=404)
    if request.method != "POST":
        return render(request, "channels/unsubscribe.html", {"subscription": found})
    return _change(request, found)


def _change(request: HttpRequest, found: Subscription) -> HttpResponse:
    if "again" in request.POST:
        unsubscribing.subscribe(subscription=found)
    else:
        unsubscribing.unsubscribe(subscription=found)
    if "List-Unsubscribe" in request.POST:  # a program, which wants no redirect
        return HttpResponse("Unsubscribed.", content_type="text/plain")
    return redirect(request.path)
