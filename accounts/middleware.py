"""Who sees which answer: the first path segment names the workspace, and no shared cache keeps a page."""

import time
from collections.abc import Callable

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

from accounts.http import to_sign_in
from accounts.kinds import RESERVED_SLUGS
from accounts.models import Membership
from accounts.tenancy import tenant_scope

GetResponse = Callable[[HttpRequest], HttpResponse]


class PrivateMiddleware:
    """Pages differ by person and by htmx: no shared cache may keep them, refusals and redirects included."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response


class TenantMiddleware:
    """The first path segment moves to the script prefix and opens the tenant's scope.

    Public segments pass. For the rest: sign in first, then be a member, else 404 as for a name nobody has.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        slug = request.path_info[1:].partition("/")[0]
        if not slug or slug in RESERVED_SLUGS:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return to_sign_in(request, request.get_full_path())
        return self._serve(request, slug)

    def _serve(self, request: HttpRequest, slug: str) -> HttpResponse:
        # PostgreSQL refuses to be asked for a NUL.
        agent = None if "\0" in slug else _find_membership(int(request.user.pk or 0), slug)
        if agent is None:
            raise Http404
        request.tenant, request.agent = agent.tenant, agent  # type: ignore[attr-defined]  # AgentRequest has them
        # Before anything is read: what changes from here on, the page's live stream tells.
        request.began_ms = time.time_ns() // 1_000_000  # type: ignore[attr-defined]  # likewise
        prefix = get_script_prefix()
        _move_prefix(request, slug)
        try:
            with (
                tenant_scope(agent.tenant),
                timezone.override(agent.time_zone),
                structlog.contextvars.bound_contextvars(agent=agent.pk),
            ):
                return self.get_response(request)
        finally:
            # The test client never resets it, and a thread is used again: the next request must not inherit it.
            set_script_prefix(prefix)


def _find_membership(user_id: int, slug: str) -> Membership | None:
    members = Membership.objects.active().select_related("tenant", "user")
    return members.filter(tenant__slug=slug, user_id=user_id).first()


def _move_prefix(request: HttpRequest, slug: str) -> None:
    rest = request.path_info[1 + len(slug) :]
    request.path_info = rest or "/"
    request.META["PATH_INFO"] = request.path_info
    request.META["SCRIPT_NAME"] = f"/{slug}"
    request.path = f"/{slug}{request.path_info}"
    set_script_prefix(f"/{slug}/")
