"""Input of the menus that sort a ticket: priority, topic, subject, tags."""

from django import forms

from core.text import clean_text
from tickets.kinds import Priority, Topic

# Far more than a service takes, so that it is the service that says what is too long.
TYPED = 2000


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=lambda value: Priority(int(value)))


class TopicForm(forms.Form):
    """Empty takes the topic away."""

    topic = forms.TypedChoiceField(choices=Topic.choices, coerce=Topic, required=False, empty_value=None)


class RenameForm(forms.Form):
    subject = forms.CharField(max_length=TYPED, required=False)


class TagForm(forms.Form):
    """Tags by number to put on or take off, or one by its name, made when there is none."""

    add = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    remove = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    name = forms.CharField(max_length=TYPED, required=False)

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"]).strip()


class LookingForm(forms.Form):
    typing = forms.BooleanField(required=False)
    gone = forms.BooleanField(required=False)
