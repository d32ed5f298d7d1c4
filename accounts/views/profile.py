"""The page of what a member sets for themselves in a workspace."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AgentRequest, agent_required
from accounts.profile_registry import ProfileForm, all_sections
from accounts.services import deactivating


@agent_required
@require_http_methods(["GET", "POST"])
def profile(request: AgentRequest) -> HttpResponse:
    """Every part's form on one page, saved together or not at all."""
    data = request.POST if request.method == "POST" else None
    sections: list[tuple[str, ProfileForm]] = [
        (section.title, section.form(request.agent, data, section.key)) for section in all_sections()
    ]
    if data is None:
        return render(request, "accounts/profile.html", {"sections": sections})
    if [form for _, form in sections if not form.is_valid()]:
        return render(request, "accounts/profile.html", {"sections": sections}, status=422)
    for _, form in sections:
        form.save()
    messages.success(request, "Saved.")
    return redirect("accounts:profile")


@agent_required
@require_POST
def sign_out_everywhere(request: AgentRequest) -> HttpResponse:
    """End the person's other sessions, in every browser and workspace; this one stays."""
    user = request.agent.user
    deactivating.sign_out_everywhere(user=user)
    update_session_auth_hash(request, user)
    messages.success(request, "You are signed out everywhere else.")
    return redirect("accounts:profile")
