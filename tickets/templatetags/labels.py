"""Words for values that events keep."""

from django import template

from tickets.kinds import Topic

register = template.Library()


@register.filter
def topic_label(value: str) -> str:
    """The topic as people read it; a value nobody knows any more stands for itself."""
    return Topic(value).label if value in Topic.values else value
