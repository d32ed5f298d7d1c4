"""One answer for htmx and for a plain form: a view that changes something serves both."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


class HasUrl(Protocol):
    """Something with a page of its own."""

    def get_absolute_url(self) -> str: ...


def respond(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    otherwise: str | HasUrl,
    status: int = 200,
) -> HttpResponse:
    """Render the response template for htmx; send a plain form post to `otherwise`, a URL or a thing with one.

    `status` is for htmx only (422 for a form that was not accepted): a redirect is always 302. A boosted link or
    form asks for whole pages, so it counts as plain.
    """
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.boosted:
        return render(request, template, dict(context), status=status)
    return redirect(otherwise)
