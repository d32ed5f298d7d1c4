"""Filters that say how long something took."""

from django import template

from reports import wording

register = template.Library()

register.filter("duration", wording.duration)
register.filter("business", wording.business)
