"""The filter that shows a stored phone number as people read it."""

from django import template

from core.contacts import show_phone

register = template.Library()


@register.filter
def phone(number: str | None) -> str:
    """Grouped, with its country code; what is no international number stays as it was typed; "" for None."""
    return show_phone(number) if number else ""
