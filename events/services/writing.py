"""Write the mail that brings notices to a member: only what they may still see, links on our own address."""

import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse, set_script_prefix

from accounts.models import Membership, Tenant
from core.crypto import derived_key
from core.mail_marks import LOOP_HEADER, LOOP_PURPOSE, make_loop_mark, make_notice_id
from core.text import excerpt
from events.links import Link, find_links
from events.models import Notification

MOST_LISTED = 10  # notices told in one mail; the rest is counted
LONGEST_SUBJECT = 150  # characters


@dataclass(frozen=True)
class Line:
    """One notice in a mail. `url` is whole, with scheme and host."""

    by: str
    words: str
    title: str
    excerpt: str
    url: str


def write_mail(
    *, member_id: int, rows: Sequence[Notification], planned_id: int
) -> tuple[EmailMultiAlternatives | None, list[Notification]]:
    """The mail and the notices it tells of; None when there is nothing to tell this member any more.

    Call inside a transaction. Addresses stand on BASE_URL, since there is no request here whose Host could be trusted.
    """
    members = Membership.objects.active().select_related("tenant", "user")
    member = members.filter(pk=member_id).first()
    unread = [row for row in rows if row.read_at is None]
    if member is None or not unread:
        return None, []
    with _paths_of(member.tenant):
        links = find_links(member, [row.event for row in unread])
        told = [row for row in unread if row.event_id in links]
        lines = [_line(row, links[row.event_id]) for row in told[:MOST_LISTED]]
        more = _address(reverse("events:notices")), _address(reverse("accounts:profile"))
    if not told:
        return None, []
    return _mail(member, lines, len(told), planned_id, more), told


def _mail(
    member: Membership, lines: Sequence[Line], count: int, planned_id: int, more: tuple[str, str]
) -> EmailMultiAlternatives:
    context = {
        "member": member,
        "lines": lines,
        "rest": count - len(lines),
        "notices_url": more[0],
        "profile_url": more[1],
    }
    mail = EmailMultiAlternatives(
        subject=_subject(member.tenant, lines, count),
        body=render_to_string("emails/notices.txt", context),
        to=[member.email],
        headers={
            "Message-ID": _mail_id(member, planned_id),
            # So that absence notes and rules do not answer, and an answer never becomes a ticket (RFC 3834).
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            LOOP_HEADER: make_loop_mark(tenant_id=member.tenant_id, key=derived_key(LOOP_PURPOSE)),
        },
    )
    mail.attach_alternative(render_to_string("emails/notices.html", context), "text/html")
    return mail


def _line(row: Notification, link: Link) -> Line:
    by = excerpt(row.event.actor_name, 100)
    words = row.words if by else row.bare_words
    return Line(by=by, words=words, title=link.title, excerpt=link.excerpt, url=_address(link.url))


def _subject(tenant: Tenant, lines: Sequence[Line], count: int) -> str:
    if count > 1:
        return f"[{tenant.name}] {count} notices"
    line = lines[0]
    return excerpt(f"[{tenant.name}] {f'{line.by} {line.words}'.strip()}: {line.title}", LONGEST_SUBJECT)


def _mail_id(member: Membership, planned_id: int) -> str:
    """The same each time this mail is written; a digest, since ids of ours say how much goes on."""
    key, host = derived_key(LOOP_PURPOSE), urlsplit(settings.BASE_URL).hostname or "localhost"
    named = hmac.new(key, f"{member.tenant_id} {member.pk} {planned_id}".encode(), "sha256").hexdigest()
    return make_notice_id(named, host=host, tenant_id=member.tenant_id, key=key)


def _address(path: str) -> str:
    return settings.BASE_URL + path


@contextmanager
def _paths_of(tenant: Tenant) -> Iterator[None]:
    """Paths are those of the workspace, as they would be in a request to it."""
    prefix = get_script_prefix()
    set_script_prefix(f"/{tenant.slug}/")
    try:
        yield
    finally:
        set_script_prefix(prefix)
