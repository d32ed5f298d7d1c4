"""What happens to people, access and settings is written down by an app above, which says here how to."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from django.db import models

from accounts.kinds import Actor


class Happening(StrEnum):
    """Named as the event it becomes, which says what its data must hold (events.kinds)."""

    MEMBER_JOINED = "member.joined"
    ROLE_CHANGED = "member.role_changed"
    MEMBER_DEACTIVATED = "member.deactivated"
    MEMBER_REACTIVATED = "member.reactivated"
    SIGNED_IN = "member.signed_in"
    SIGN_IN_REFUSED = "member.sign_in_refused"
    PASSWORD_CHANGED = "member.password_changed"  # noqa: S105  the name of an event
    PASSWORD_RESET = "member.password_reset"  # noqa: S105  the name of an event
    PASSWORD_LINK_MAILED = "member.password_link_mailed"  # noqa: S105  the name of an event
    SIGNED_OUT_EVERYWHERE = "member.signed_out_everywhere"
    INVITATION_SENT = "invitation.sent"
    INVITATION_SENT_AGAIN = "invitation.sent_again"
    INVITATION_REVOKED = "invitation.revoked"
    TEAM_CREATED = "team.created"
    TEAM_RENAMED = "team.renamed"
    TEAM_FILLED = "team.filled"
    TEAM_DELETED = "team.deleted"
    WORKSPACE_RENAMED = "workspace.renamed"
    KEYS_ROTATED = "workspace.keys_rotated"
    SETTING_CHANGED = "setting.changed"


Witness = Callable[[Happening, models.Model, Actor, Mapping[str, Any]], object]
_witnesses: list[Witness] = []


def register_witness(witness: Witness) -> None:
    """Called by an app above when it starts."""
    if witness not in _witnesses:
        _witnesses.append(witness)


def tell(happening: Happening, *, subject: models.Model, actor: Actor, data: Mapping[str, Any]) -> None:
    """Have it written down, in the caller's transaction and inside the workspace's scope."""
    for witness in _witnesses:
        witness(happening, subject, actor, data)
