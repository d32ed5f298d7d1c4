"""Keep the table of public doors."""

from django.db import IntegrityError, transaction

from accounts.kinds import RouteKind
from accounts.models import Route
from accounts.tenancy import active_tenant_id


class RouteTaken(Exception):
    """Another workspace, or another object of this one, answers at this key."""


def claim_route(*, kind: RouteKind, key: str, object_id: int) -> Route:
    """Lead a public key to an object of the active workspace. Raises RouteTaken."""
    try:
        with transaction.atomic():
            return Route.objects.create(kind=kind, key=key.lower(), tenant_id=active_tenant_id(), object_id=object_id)
    except IntegrityError as error:
        raise RouteTaken(f"{key} is in use") from error


def release_route(*, kind: RouteKind, key: str) -> None:
    """Stop answering at a key of the active workspace."""
    Route.objects.filter(kind=kind, key=key.lower(), tenant_id=active_tenant_id()).delete()
