"""Small ordered steps that decide what kind of mail a letter is; the first that answers is right."""

from __future__ import annotations

from collections.abc import Callable

from channels.email.letter import Letter, Verdict
from channels.email.steps.auto_reply import find_auto_reply
from channels.email.steps.bounce import find_bounce
from channels.email.steps.complaint import find_complaint
from channels.email.steps.mailing_list import find_list
from channels.types import Kind

Step = Callable[[Letter], Verdict | None]

# Our own mail is told by signatures, which a service checks before any of these counts. A list's bounce is a bounce.
STEPS: tuple[Step, ...] = (find_complaint, find_bounce, find_auto_reply, find_list)


def judge(letter: Letter) -> Verdict:
    """Return the verdict of the first step that has one; normal mail has no reason."""
    for step in STEPS:
        verdict = step(letter)
        if verdict is not None:
            return verdict
    return Verdict(Kind.NORMAL, "")
