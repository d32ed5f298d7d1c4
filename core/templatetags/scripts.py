"""The tag that loads the scripts of a page."""

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.static import PLAIN_SCRIPTS, SCRIPTS

register = template.Library()


@register.simple_tag
def scripts() -> SafeString:
    """All scripts as one; with DEBUG the sources, each by itself. They run when the page has been read."""
    if settings.STATIC_BUNDLED:
        return format_html('<script src="{}" defer></script>', static(SCRIPTS))
    plain = [format_html('<script src="{}" defer></script>', static(path)) for path in PLAIN_SCRIPTS]
    module = format_html('<script src="{}" type="module"></script>', static(SCRIPTS))
    return mark_safe("".join([*plain, module]))  # noqa: S308  each part was formatted above
