"""Step: our own mail that came back to us, by a forwarding rule or a loop, and answers to our notices."""

from channels.email.letter import Letter, Verdict
from channels.email.threading import looks_like_ours
from channels.types import Kind
from core.mail_marks import LOOP_HEADER, NOTICE_ID


def find_own(letter: Letter) -> Verdict | None:
    """A stranger who forges the mark only has his own mail set aside."""
    if LOOP_HEADER in letter.headers:
        return Verdict(Kind.OWN, f"Has our own mark ({LOOP_HEADER}): a mail of ours came back")
    if looks_like_ours(letter.message_id):
        return Verdict(Kind.OWN, "Has a Message-ID of ours: a mail of ours came back")
    if letter.headers.raw("In-Reply-To").strip().lower().startswith(f"<{NOTICE_ID}"):
        return Verdict(Kind.OWN, "Answers a notice we sent to a member")
    return None
