"""Input of the snooze menu."""

from django import forms


class SnoozeForm(forms.Form):
    """A moment: with its offset from a preset, or typed in the agent's own time zone."""

    until = forms.DateTimeField(
        error_messages={"required": "Choose a day and a time.", "invalid": "Choose a day and a time."}
    )

    def problem(self) -> str:
        return " ".join(str(error) for errors in self.errors.values() for error in errors)
