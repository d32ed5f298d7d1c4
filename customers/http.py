"""What views of customers share: the way back to the page a plain form was on, and what edit mode shows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.http import AgentRequest
from accounts.models import Membership
from core import clock
from customers.forms.contacting import ContactForm
from customers.forms.describing import CustomFieldsForm, DetailsForm
from customers.kinds import ContactTag, FieldTarget, Sex
from customers.models import Customer, CustomField
from customers.services.describing import read_details
from customers.services.reading import read_profile
from customers.services.setting_fields import read_values
from customers.stores import read_stores


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


@dataclass(frozen=True)
class Edit:
    """The two forms of edit mode, sent as one."""

    details: DetailsForm
    custom: CustomFieldsForm

    @property
    def is_bound(self) -> bool:
        return self.details.is_bound

    def is_valid(self) -> bool:
        return all([self.details.is_valid(), self.custom.is_valid()])


def read_edit(request: AgentRequest, customer: Customer, data: QueryDict | None = None) -> Edit:
    """The forms of edit mode, filled with what is said now or with what was sent."""
    details = DetailsForm(
        data,
        said=read_details(customer),
        managers=list(Membership.objects.of_tenant(request.tenant.pk).order_by("number")),
        stores=read_stores(),
        supposed=str(Sex(customer.supposed_sex).label) if customer.supposed_sex else "",
    )
    custom = CustomFieldsForm(
        data,
        fields=list(CustomField.objects.of(FieldTarget.CUSTOMER).active().prefetch_related("options")),
        held=read_values(customer=customer),
        zone=ZoneInfo(request.agent.time_zone),
    )
    return Edit(details, custom)


def edit_context(
    request: AgentRequest,
    customer: Customer,
    *,
    forms: Edit | None = None,
    contact_form: ContactForm | None = None,
) -> dict[str, Any]:
    """Edit mode, with a form that was refused in the place of a fresh one."""
    forms = forms or read_edit(request, customer)
    return {
        "card": read_profile(customer=customer, at=clock.now(), reader=request.agent),
        "form": forms.details,
        "custom_form": forms.custom,
        "contact_form": contact_form or ContactForm(),
        "tags": ContactTag.choices,
    }
