"""The filter that shows what people of the team wrote with formatting."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from core.rich_text import clean_rich_text

register = template.Library()


@register.filter
def rich_text(html: str) -> SafeString:
    """Cleaned once more, whatever the row holds."""
    return mark_safe(clean_rich_text(html))  # noqa: S308  cleaned down to the allow-list
