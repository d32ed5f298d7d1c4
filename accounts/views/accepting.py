"""The page behind the link of an invitation: it stands outside every workspace."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import NewPersonForm
from accounts.models import Invitation, Membership
from accounts.services import accepting
from core import clock


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What to do to come in. Looking changes nothing: mail scanners open links (security check 22)."""
    if getattr(request, "tenant", None) is not None:
        raise Http404
    found = accepting.find_valid(token=token, at=clock.now())
    if found is None:
        return _gone(request)
    if request.method != "POST":
        return _page(request, found, NewPersonForm())
    try:
        return _accept(request, token, found)
    except accepting.NotValid:
        return _gone(request)
    except (accepting.SomebodyElse, accepting.SignInFirst):
        return _page(request, found, NewPersonForm(), status=409)


def _accept(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    if request.user.is_authenticated:
        return _enter(accepting.accept(token=token, user=request.user, at=clock.now()))
    if accepting.must_sign_in(invitation=found):
        raise accepting.SignInFirst
    form = NewPersonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    member = accepting.accept_as_new(token=token, at=clock.now(), **form.cleaned_data)
    login(request, member.user)
    return _enter(member)


def _enter(member: Membership) -> HttpResponse:
    return redirect(f"/{member.tenant.slug}/")


def _page(request: HttpRequest, found: Invitation, form: NewPersonForm, status: int = 200) -> HttpResponse:
    signed_in = request.user if request.user.is_authenticated else None
    context = {
        "invitation": found,
        "inviter": found.invited_by.name if found.invited_by else "",
        "form": form,
        "signed_in": signed_in,
        "is_mine": signed_in is not None and signed_in.email == found.email,
        "must_sign_in": signed_in is None and accepting.must_sign_in(invitation=found),
    }
    return render(request, "accounts/invitation.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_gone.html", status=404)
