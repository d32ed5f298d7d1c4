"""Event types: name, shape of the data, which keys are personal, whether a timeline shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

# Headings of the audit, in their order on screen.
AUDIT_GROUPS = {
    "data": "Customers' data",
    "notes": "Notes",
    "links": "Links with stores",
    "merges": "Merges",
    "signing": "Signing in",
    "access": "People and access",
    "settings": "Settings",
    "privacy": "Exports and erasures",
}

TOLD_KEY = re.compile(r"\{(\w+)\}")

_types: dict[str, EventType] = {}


@dataclass(frozen=True)
class EventType:
    """A type of event: noun.past_participle. Making one registers it."""

    name: str
    shape: Mapping[str, type | tuple[type, ...]] = field(default_factory=lambda: MappingProxyType({}))
    personal: frozenset[str] = frozenset()
    on_timeline: bool = True
    # A customer's own timeline has a line for it where the ticket's shows the thing itself.
    on_customer: bool = False
    is_silent: bool = True  # nobody subscribes; the house test compares with helpdesk.subscribers
    # Under which heading admins find it in the audit; "" for what is no matter of an audit (B17).
    audit: str = ""
    # What the audit says of it, keys of its data in braces; "" for its name in words. `before` and `after` stand apart,
    # and so do `changes`, a list of [label, before, after], or of [label] where the values are secret.
    told: str = ""
    # What a notice of it says, after who did it and without, where the words of its kind do not fit.
    said: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        if self.audit and self.audit not in AUDIT_GROUPS:
            raise ValueError(f"{self.name}: {self.audit} is no heading of the audit")
        if not set(TOLD_KEY.findall(self.told)) <= set(self.shape):
            raise ValueError(f"{self.name}: the audit can tell nothing but keys of its shape")
        if not self.personal <= set(self.shape):
            raise ValueError(f"{self.name}: personal keys must be keys of its shape")
        if _types.setdefault(self.name, self) is not self:
            raise ValueError(f"two event types are called {self.name}")

    def __str__(self) -> str:
        return self.name

    def check(self, data: Mapping[str, object]) -> None:
        """Raises ValueError when data has other keys or types than the shape says."""
        if set(data) != set(self.shape):
            raise ValueError(f"{self.name}: data has {sorted(data)}, its shape has {sorted(self.shape)}")
        for key, expected in self.shape.items():
            if not isinstance(data[key], expected):
                raise ValueError(f"{self.name}: {key} is {type(data[key]).__name__}, not {expected}")


def find_type(name: str) -> EventType:
    """Raises KeyError for a type nobody declared."""
    return _types[name]


def all_types() -> list[EventType]:
    return list(_types.values())


def dealings_name(customer_id: int) -> str:
    """The live name of what happens on a customer's tickets; the customer's own is of the profile alone."""
    return f"dealings-{customer_id}"


class AuditEvent:
    # `query` is what the file was narrowed to, in words.
    EXPORTED = EventType(
        "audit.exported", {"query": str}, on_timeline=False, audit="privacy", told="Audit exported: {query}"
    )


class MemberEvent:
    """Names are kept as they were: a member may be renamed."""

    JOINED = EventType(
        "member.joined", {"name": str, "role": str}, on_timeline=False, audit="access", told="{name} joined as {role}"
    )
    ROLE_CHANGED = EventType(
        "member.role_changed",
        {"name": str, "before": str, "after": str},
        on_timeline=False,
        audit="access",
        told="Role of {name} changed",
    )
    DEACTIVATED = EventType(
        "member.deactivated", {"name": str}, on_timeline=False, audit="access", told="{name} deactivated"
    )
    REACTIVATED = EventType(
        "member.reactivated", {"name": str}, on_timeline=False, audit="access", told="{name} let in again"
    )


class SigningEvent:
    """Of a member, in each workspace they belong to. `ip` is where the request came from."""

    SIGNED_IN = EventType(
        "member.signed_in",
        {"name": str, "ip": str},
        personal=frozenset({"ip"}),
        on_timeline=False,
        audit="signing",
        told="{name} signed in from {ip}",
    )
    REFUSED = EventType(
        "member.sign_in_refused",
        {"name": str, "ip": str},
        personal=frozenset({"ip"}),
        on_timeline=False,
        audit="signing",
        told="Wrong password for {name}, from {ip}",
    )
    PASSWORD_CHANGED = EventType(
        "member.password_changed",
        {"name": str, "ip": str},
        personal=frozenset({"ip"}),
        on_timeline=False,
        audit="signing",
        told="{name} changed their password, from {ip}",
    )
    PASSWORD_RESET = EventType(
        "member.password_reset",
        {"name": str, "ip": str},
        personal=frozenset({"ip"}),
        on_timeline=False,
        audit="signing",
        told="{name} chose a new password by a link, from {ip}",
    )
    LINK_MAILED = EventType(
        "member.password_link_mailed",
        {"name": str},
        on_timeline=False,
        audit="signing",
        told="A link to choose a new password was mailed to {name}",
    )
    SIGNED_OUT = EventType(
        "member.signed_out_everywhere",
        {"name": str},
        on_timeline=False,
        audit="signing",
        told="{name} signed out everywhere else",
    )


class InvitationEvent:
    SENT = EventType(
        "invitation.sent",
        {"email": str, "role": str},
        personal=frozenset({"email"}),
        on_timeline=False,
        audit="access",
        told="{email} invited as {role}",
    )
    SENT_AGAIN = EventType(
        "invitation.sent_again",
        {"email": str},
        personal=frozenset({"email"}),
        on_timeline=False,
        audit="access",
        told="{email} invited again",
    )
    REVOKED = EventType(
        "invitation.revoked",
        {"email": str},
        personal=frozenset({"email"}),
        on_timeline=False,
        audit="access",
        told="Invitation of {email} revoked",
    )


class TeamEvent:
    CREATED = EventType("team.created", {"name": str}, on_timeline=False, audit="access", told="Team {name} created")
    RENAMED = EventType("team.renamed", {"before": str, "after": str}, on_timeline=False, audit="access")
    FILLED = EventType(
        "team.filled",
        {"name": str, "added": list, "removed": list},
        on_timeline=False,
        audit="access",
        told="Members of the team {name}: added {added}, removed {removed}",
    )
    DELETED = EventType("team.deleted", {"name": str}, on_timeline=False, audit="access", told="Team {name} deleted")


class WorkspaceEvent:
    RENAMED = EventType("workspace.renamed", {"before": str, "after": str}, on_timeline=False, audit="settings")
    KEYS_ROTATED = EventType(
        "workspace.keys_rotated",
        {"secrets": int},
        on_timeline=False,
        audit="settings",
        told="Stored secrets encrypted with a new key: {secrets}",
    )
    # `label` as it was called then.
    SETTING_CHANGED = EventType(
        "setting.changed",
        {"key": str, "label": str, "before": object, "after": object},
        on_timeline=False,
        audit="settings",
        told="{label}",
    )


class NoticeEvent:
    # `event` is what the members are to hear of by e-mail.
    MAIL_PLANNED = EventType("notice.mail_planned", {"event": int}, on_timeline=False, is_silent=False)
