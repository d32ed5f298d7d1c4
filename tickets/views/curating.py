"""The workspace's tags, for admins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AgentRequest, admin_required
from tickets.access import get_tag
from tickets.forms.curating import NewTagForm, TagEditForm
from tickets.models import Tag
from tickets.services import curating, tagging

TOO_LONG = f"A tag has 1 to {tagging.LONGEST} characters."


@admin_required
@require_http_methods(["GET", "POST"])
def tags(request: AgentRequest) -> HttpResponse:
    """All tags with their counts, and a field for a new one."""
    form = NewTagForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            tag = tagging.find_or_make_tag(name=form.cleaned_data["name"], actor=request.agent.as_actor())
            return redirect("tickets:tag_edit", tag_number=tag.number)
        except tagging.BadName:
            form.add_error("name", TOO_LONG)
    status = 422 if form.is_bound else 200
    return render(request, "tickets/tags.html", {"tags": curating.list_tags(), "form": form}, status=status)


@admin_required
@require_http_methods(["GET", "POST"])
def tag_edit(request: AgentRequest, tag_number: int) -> HttpResponse:
    """Rename and color. The name of another tag means joining the two, after asking."""
    tag = get_tag(tag_number)
    initial = {"name": tag.name, "color": tag.color}
    form, other = TagEditForm(request.POST if request.method == "POST" else None, initial=initial), None
    if form.is_valid():
        try:
            name, color = form.cleaned_data["name"], form.cleaned_data["color"]
            curating.edit_tag(tag=tag, name=name, color=color, actor=request.agent.as_actor())
            messages.success(request, "Tag saved.")
            return redirect("tickets:tags")
        except tagging.BadName:
            form.add_error("name", TOO_LONG)
        except curating.NameTaken as taken:
            if form.cleaned_data["merge"]:
                return _merge(request, tag, taken.other)
            other = taken.other
    tag = get_tag(tag_number)
    context = {"tag": tag, "form": form, "other": other, "uses": curating.count_tickets(tag=tag)}
    return render(request, "tickets/tag.html", context, status=422 if form.is_bound else 200)


@admin_required
@require_POST
def tag_delete(request: AgentRequest, tag_number: int) -> HttpResponse:
    tag = get_tag(tag_number)
    curating.delete_tag(tag=tag, actor=request.agent.as_actor())
    messages.success(request, f"The tag {tag.name} is deleted.")
    return redirect("tickets:tags")


def _merge(request: AgentRequest, tag: Tag, into: Tag) -> HttpResponse:
    count = curating.merge_tags(tag=tag, into=into, actor=request.agent.as_actor())
    messages.success(request, f"{count} ticket{'' if count == 1 else 's'} with {tag.name} now carry {into.name}.")
    return redirect("tickets:tags")
