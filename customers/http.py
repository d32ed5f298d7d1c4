"""What views of customers share: the way back to the page a plain form was on, and what edit mode shows."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme

from accounts.http import AgentRequest
from core import clock
from customers.forms import ContactForm, DetailsForm
from customers.kinds import ContactTag
from customers.models import Customer
from customers.services.describing import read_details
from customers.services.reading import read_profile


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


def edit_context(
    request: AgentRequest,
    customer: Customer,
    *,
    form: DetailsForm | None = None,
    contact_form: ContactForm | None = None,
) -> dict[str, Any]:
    """Edit mode, with a form that was refused in the place of a fresh one."""
    return {
        "card": read_profile(customer=customer, at=clock.now(), reader=request.agent),
        "form": form or DetailsForm(initial=asdict(read_details(customer))),
        "contact_form": contact_form or ContactForm(),
        "tags": ContactTag.choices,
    }
