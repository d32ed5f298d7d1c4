"""What views of customers share: the way back to the page a plain form was on, and what edit mode shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.http import AgentRequest
from accounts.models import Membership
from accounts.services.configuring import read_all
from core import clock
from core.languages import language_names
from customers.forms.addressing import AddressesForm
from customers.forms.contacting import ContactsForm
from customers.forms.describing import DetailsForm
from customers.forms.legal import LegalForm
from customers.forms.portraying import PhotoForm
from customers.forms.setting_fields import CustomFieldsForm
from customers.forms.tagging_customer import TagsForm
from customers.kinds import FieldTarget, Sex
from customers.models import Customer, CustomerSource, CustomField
from customers.options import ADDRESS_FORM, COUNTRY
from customers.services.describing import Contested, read_details
from customers.services.portraying import PhotoContested
from customers.services.presenting import Presented, present_customer
from customers.services.profiling import Edited, PhotoEdit
from customers.services.saving_addresses import AddressesContested, read_held
from customers.services.saving_contacts import ContactsContested
from customers.services.saving_legal import LegalContested, read_legal
from customers.services.setting_fields import FieldsContested, NotFitting, read_values
from customers.services.stating import Fact
from customers.services.tagging_customer import TooManyTags
from customers.stores import read_stores


def came_from(request: AgentRequest, customer: Customer) -> str:
    """The page of ours that holds the form (the note stands on tickets too), else the customer's own."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return customer.get_absolute_url()
    parts = urlsplit(page)
    # The form's own URL, after a save that was refused, answers no page; two slashes would begin a host's name.
    if parts.path == request.path or parts.path.startswith("//"):
        return customer.get_absolute_url()
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def ours_or(request: AgentRequest, path: str, otherwise: str) -> str:
    """A path of ours that an address carries, as where to go afterwards; anything else is `otherwise`."""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, None)
    return path if is_ours else otherwise


@dataclass(frozen=True)
class Edit:
    """The forms of edit mode, sent as one, beside the page they are about."""

    page: Presented
    since: int  # milliseconds since 1970
    details: DetailsForm
    tags: TagsForm
    photo: PhotoForm
    contacts: ContactsForm
    addresses: AddressesForm
    legal: LegalForm
    custom: CustomFieldsForm

    @property
    def customer(self) -> Customer:
        return self.page.customer

    @property
    def source(self) -> CustomerSource | None:
        return self.page.source

    @property
    def counted(self) -> Sequence[Fact]:
        """What stands beside the discounts and is not typed (F17)."""
        return [fact for fact in self.page.finance if fact.code == "cumulative_discount"]

    def is_valid(self) -> bool:
        """Every part is asked, so that all that is wrong is said at once."""
        parts = (self.details, self.tags, self.photo, self.contacts, self.addresses, self.legal, self.custom)
        return sum(not part.is_valid() for part in parts) == 0

    def edited(self) -> Edited:
        """What was typed and what it is based on. Of valid forms only."""
        photo = PhotoEdit(self.photo.chosen(), self.photo.based_on()) if self.photo.is_touched else None
        return Edited(
            details=self.details.details(),
            based_on=self.details.based_on(),
            typed=self.custom.typed(),
            was=self.custom.based_on(),
            added_tags=self.tags.added(),
            removed_tags=self.tags.removed(),
            photo=photo,
            contacts=self.contacts.edits(),
            addresses=self.addresses.edits(),
            legal=self.legal.legal(),
            legal_was=self.legal.based_on(),
        )

    def refuse(self, problems: Sequence[Exception]) -> None:
        """Say beside the fields why nothing was saved."""
        for problem in problems:
            match problem:
                case Contested():
                    self.details.contest(sorted(problem.names), problem.theirs, problem.who)
                case FieldsContested():
                    self.custom.contest(problem.theirs)
                case NotFitting():
                    self.custom.refuse(problem.problems)
                case ContactsContested():
                    self.contacts.contest(problem)
                case AddressesContested():
                    self.addresses.contest(problem)
                case LegalContested():
                    self.legal.contest(sorted(problem.names), problem.theirs, problem.who)
                case TooManyTags():
                    self.tags.refuse_number()
                case PhotoContested():
                    self.photo.contest()


def read_edit(
    request: AgentRequest,
    customer: Customer,
    data: QueryDict | None = None,
    files: MultiValueDict[str, UploadedFile] | None = None,
) -> Edit:
    """The forms of edit mode, filled with what is said now or with what was sent."""
    now = clock.now()
    zone = ZoneInfo(request.agent.time_zone)
    page = present_customer(customer=customer, at=now, reader=request.agent)
    card, known = page.profile, page.customer
    details = DetailsForm(
        data,
        said=read_details(known),
        managers=list(Membership.objects.of_tenant(request.tenant.pk).order_by("number")),
        stores=read_stores(),
        # Somebody born today where the day began already is no slip.
        today=max(now.astimezone(zone).date(), now.date()),
        supposed=str(Sex(known.supposed_sex).label) if known.supposed_sex else "",
    )
    custom = CustomFieldsForm(
        data,
        fields=list(CustomField.objects.of(FieldTarget.CUSTOMER).active().prefetch_related("options")),
        held=read_values(customer=known),
        zone=zone,
    )
    addresses, legal = read_papers(known, data)
    return Edit(
        page=page,
        since=int(now.timestamp() * 1000),
        details=details,
        tags=TagsForm(data, held=[tag.name for tag in page.tags]),
        photo=PhotoForm(data, files, key=known.photo.key if known.photo else ""),
        contacts=ContactsForm(data, held=[*card.emails, *card.phones, *card.handles]),
        addresses=addresses,
        legal=legal,
        custom=custom,
    )


def read_papers(customer: Customer, data: QueryDict | None = None) -> tuple[AddressesForm, LegalForm]:
    """Addresses and legal details: what edit mode asks for again while somebody writes. In three queries."""
    settings, held = read_all(), read_held(customer=customer)
    home = str(settings[COUNTRY.key]).upper()
    site = next((row.country for row in held if row.is_main and row.country), home)
    addresses = AddressesForm(data, held=held, home=home, shape=settings[ADDRESS_FORM.key])
    return addresses, LegalForm(data, said=read_legal(customer=customer), site=site)


def edit_context(edit: Edit, *, is_refused: bool) -> Mapping[str, Any]:
    """What edit mode shows; `is_refused` when it was sent and something is wrong."""
    return {"edit": edit, "languages": language_names(), "is_refused": is_refused}
