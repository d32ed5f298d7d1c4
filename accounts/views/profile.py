"""The page of what a member sets for themselves in a workspace."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from accounts.profile_registry import ProfileForm, all_sections


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
