"""The tag that draws an icon into the page."""

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "", size: int = 16) -> SafeString:
    """A lucide icon as inline SVG, hidden from screen readers: the words beside it or a label say what it means.

    `size` is in CSS pixels. An unknown name raises `lucide.IconDoesNotExist`, so a typo fails in the first test.
    """
    return _draw(str(name), f"icon {css}".strip(), int(size))


@lru_cache(maxsize=256)
def _draw(name: str, css: str, size: int) -> SafeString:
    attributes = {"class": css, "stroke_width": "1.75", "aria_hidden": "true", "focusable": "false"}
    return mark_safe(lucide(name, size=size, **attributes))  # noqa: S308  the library's own drawing
