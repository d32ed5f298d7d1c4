"""A page of a merged profile leads to the same page of the survivor, whoever had it in a link, a tab or a mail."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.encoding import iri_to_uri

from customers.access import WasMerged
from customers.models import Customer, MergedAway

READS = ("GET", "HEAD")
# What routes call the number of a customer; the second where the first is not there.
NUMBERS = ("customer_number", "number")
# Of what was sent, what nobody typed.
OURS = ("csrfmiddlewaretoken", "version", "since")


class MergedMiddleware:
    """Answers WasMerged; a profile that was split from the other again has its pages again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Any, error: Exception) -> HttpResponse | None:
        if isinstance(error, MergedAway):
            error = _tell(error)
        if not isinstance(error, WasMerged):
            return None
        is_part = bool(request.htmx) and not request.htmx.boosted
        if request.method not in READS:
            return _announce(error, status=409) if is_part else _refuse(request, error)
        if is_part and _is_on_page_of(request, error.customer.number):
            return _announce(error, status=204)
        if not is_part:
            messages.info(request, f"{_words(error)}.")
        return redirect(_url(request, error))


def _tell(error: MergedAway) -> WasMerged:
    """Merged between its being found and its being changed: nothing was changed."""
    with transaction.atomic():
        return WasMerged(Customer.objects.get(pk=error.customer_id), Customer.objects.top_of(error.customer_id))


def _words(error: WasMerged) -> str:
    one, other = error.survivor, error.customer
    return f"{other.display_name} (#{other.number}) was merged into {one.display_name} (#{one.number})"


def _url(request: HttpRequest, error: WasMerged) -> str:
    """The same page with the survivor's number, wherever the other's stands in the address."""
    old, new, match = error.customer.number, error.survivor.number, request.resolver_match
    query = request.GET.copy()
    if query.get("customer") == str(old):
        query["customer"] = str(new)
    kwargs = dict(match.kwargs) if match else {}
    # Other numbers, of a line or of a store, may be the same.
    name = next((one for one in NUMBERS if one in kwargs), "")
    if kwargs.get(name) == old:
        kwargs[name] = new
    url = reverse(match.view_name, kwargs=kwargs) if match else error.survivor.get_absolute_url()
    return f"{url}?{query.urlencode()}" if query else url


def _is_on_page_of(request: Any, number: int) -> bool:
    """Whether the page that asks for a part is this customer's, and not a ticket's, which shows whose it is now."""
    prefix = get_script_prefix()
    try:
        path = urlsplit(request.htmx.current_url or "").path
        match = resolve(f"/{path.removeprefix(iri_to_uri(prefix))}") if path.startswith(prefix) else None
    except (ValueError, Resolver404):
        return False
    return match is not None and "customers/<int:number>" in match.route and match.kwargs["number"] == number


def _announce(error: WasMerged, *, status: int) -> HttpResponse:
    """The page goes to the survivor's by itself (merged.js), or says so where somebody is writing."""
    told = {"words": f"{_words(error)}.", "url": error.survivor.get_absolute_url(), "is_refused": status == 409}
    return HttpResponse(status=status, headers={"HX-Trigger": json.dumps({"merged": told})})


def _refuse(request: HttpRequest, error: WasMerged) -> HttpResponse:
    """Nothing was changed; what was typed stands there to be copied."""
    typed = [(name, text) for name, texts in request.POST.lists() for text in texts if text and name not in OURS]
    said = [(name.replace("_", " "), text) for name, text in typed if not name.startswith("initial-")]
    context = {"words": _words(error), "survivor": error.survivor, "typed": said}
    return render(request, "customers/merged.html", context, status=409)
