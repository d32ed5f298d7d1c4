"""Marks by which mail of ours is known when it, or an answer to it, comes back."""

import hashlib
import hmac
import re
from collections.abc import Sequence

LOOP_HEADER = "X-Helpdesk-Loop"
# For `core.crypto.derived_key`.
LOOP_PURPOSE = "mail-loop"
# The Message-ID of a mail that notifies a member begins so; what answers it is no letter of a customer.
NOTICE_ID = "hdnotice."
_NAME, _MAC = 24, 16  # hexadecimal digits
_NOTICE = re.compile(rf"<?{re.escape(NOTICE_ID)}([0-9a-f]{{{_NAME}}})([0-9a-f]{{{_MAC}}})@[^\s<>@]{{1,255}}>?", re.I)


def make_loop_mark(*, tenant_id: int, key: bytes) -> str:
    """What a workspace's mail has in `LOOP_HEADER`: mail of another workspace, or installation, is a stranger's."""
    return hmac.new(key, f"loop mark of {tenant_id}".encode(), hashlib.sha256).hexdigest()[:32]


def is_loop_mark(value: str, *, tenant_id: int, keys: Sequence[bytes]) -> bool:
    """Whether one of `keys` made this mark of the workspace."""
    said = value.strip().lower().encode("utf-8", "replace")
    # All keys are tried even after one fits: how long it takes tells nothing.
    fits = [hmac.compare_digest(make_loop_mark(tenant_id=tenant_id, key=key).encode(), said) for key in keys]
    return any(fits)


def make_notice_id(name: str, *, host: str, tenant_id: int, key: bytes) -> str:
    """The signed Message-ID of a notice, in angle brackets; `name` is the same each time this notice is written."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:_NAME]
    return f"<{NOTICE_ID}{digest}{_notice_mac(digest, tenant_id, key)}@{host}>"


def is_notice_id(value: str, *, tenant_id: int, keys: Sequence[bytes]) -> bool:
    """Whether a Message-ID is one of a notice of the workspace."""
    match = _NOTICE.fullmatch(value.strip()) if len(value) < 500 else None
    if match is None:
        return False
    name, mac = match[1].lower(), match[2].lower()
    fits = [hmac.compare_digest(_notice_mac(name, tenant_id, key), mac) for key in keys]
    return any(fits)


def _notice_mac(name: str, tenant_id: int, key: bytes) -> str:
    return hmac.new(key, f"notice {name} of {tenant_id}".encode(), hashlib.sha256).hexdigest()[:_MAC]
