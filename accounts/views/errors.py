"""Pages for refused requests."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or stale: say what to do, lose nothing that stands on the page."""
    return render(request, "stale_form.html", status=403)
