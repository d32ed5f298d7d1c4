"""Tags about the page itself: ids of parts, the form token, which partial to show."""

from typing import Protocol

from django import template
from django.middleware.csrf import get_token
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


class Live(Protocol):
    """Something that changes on screens: its name is what the live stream sends."""

    @property
    def live_name(self) -> str: ...


@register.simple_tag
def dom_id(thing: Live | str, part: str = "") -> str:
    """The id of one part of a thing on the page: `ticket-42-header`. A text stands for its own live name."""
    name = thing if isinstance(thing, str) else thing.live_name
    return f"{name}-{part}" if part else name


@register.simple_tag(takes_context=True)
def csrf_field(context: Context) -> SafeString | str:
    """The hidden token of a form; unlike `csrf_token` it also works in a partial included with `only`.

    A partial rendered without a request (in a test, in a task) gets none: its reader has the one of the page.
    """
    request = getattr(context, "request", None)
    if request is None:
        return ""
    # A page has a dozen forms, and a token is masked anew each time it is asked for; one mask for an answer will do.
    field = getattr(request, "csrf_field", None)
    if field is None:
        field = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
        request.csrf_field = field
    return field


@register.filter
def template_in(name: str, folder: str) -> list[str]:
    """The partial called `name` in `folder`, and `line.html` there for names that have none of their own."""
    return [f"{folder}/{name}.html", f"{folder}/line.html"]
