"""What stands beside a field that a colleague changed while somebody was writing."""

from django.core.exceptions import ValidationError

CONTESTED = "contested"  # by this code the page knows beside which fields it offers theirs


def contested(theirs: str, *, who: str = "") -> ValidationError:
    """`theirs` is what they wrote there, "" for nothing; `who` their name where it is known."""
    did = f"wrote “{theirs}” here" if theirs else "emptied this"
    return ValidationError(f"{who or 'A colleague'} {did} meanwhile. Save again to keep yours.", code=CONTESTED)
