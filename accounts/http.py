"""What views of a workspace need: a typed request, and who may come in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership, Tenant
from accounts.rules import can_administer

P = ParamSpec("P")


class AgentRequest(HttpRequest):
    """A request inside a workspace by one of its members."""

    tenant: Tenant
    agent: Membership
    htmx: HtmxDetails
    began_ms: int  # milliseconds since 1970


View = Callable[Concatenate[AgentRequest, P], HttpResponseBase]


def agent_required(view: View[P]) -> View[P]:
    """Members of the workspace only; everybody else got their answer in the middleware, so a stray call is a 404."""

    @wraps(view)
    def wrapper(request: AgentRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(request, "agent", None) is None:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


def admin_required(view: View[P]) -> View[P]:
    """Admins and the owner only; for other members the page does not exist."""

    @wraps(view)
    def wrapper(request: AgentRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(request, "agent", None) is None or not can_administer(request.agent):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


def to_sign_in(request: HttpRequest, path: str) -> HttpResponse:
    """Send to the sign-in page; htmx is told to leave the page instead of swapping a form into a cell."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(redirect_to_login(_page_of(request)).url)
    return redirect_to_login(path)


def _page_of(request: HttpRequest) -> str:
    """The path of the page that asked, as htmx says: whether one may go there is decided after signing in."""
    try:
        path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    except ValueError:
        path = ""
    return path if path.startswith("/") else "/"
