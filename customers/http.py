"""What views of customers share: the way back to the page a plain form was on."""

from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme

from accounts.http import AgentRequest
from customers.models import Customer


def came_from(request: AgentRequest, customer: Customer) -> str:
    """The page of ours that holds the form (the note stands on tickets too), else the customer's own."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return customer.get_absolute_url()
    parts = urlsplit(page)
    # The form's own URL, after a save that was refused, answers no page.
    if parts.path == request.path:
        return customer.get_absolute_url()
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
