"""Tell the audit what members and teams are called, of which the app below knows nothing of events."""

from collections.abc import Collection

from django.urls import reverse

from accounts.models import Membership, Team
from accounts.tenancy import active_tenant_id
from events.links import Directory, Subject, register_subjects


def find_members(ids: Collection[int]) -> dict[int, Subject]:
    """Former ones too."""
    rows = Membership.objects.of_tenant(active_tenant_id()).filter(pk__in=ids)
    return {one.pk: Subject(one.number, one.name, reverse("accounts:member", args=[one.number])) for one in rows}


def find_teams(ids: Collection[int]) -> dict[int, Subject]:
    rows = Team.objects.filter(pk__in=ids)
    return {one.pk: Subject(one.number, one.name, reverse("accounts:team", args=[one.number])) for one in rows}


def register_directories() -> None:
    """Called when the app starts."""
    register_subjects("membership", Directory(find_members))
    register_subjects("team", Directory(find_teams))
