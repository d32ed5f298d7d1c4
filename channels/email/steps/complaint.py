"""Step: a provider reports that a reader called a mail of ours spam (RFC 5965)."""

from channels.email.addresses import clean_email
from channels.email.delivery_status import fields_of, original_id
from channels.email.failed_addresses import original_recipients
from channels.email.letter import Letter, Verdict
from channels.email.words import words
from channels.types import FailedDelivery, Kind


def find_complaint(letter: Letter) -> Verdict | None:
    report = letter.part("message/feedback-report")
    is_report = letter.parameters.get("report-type", "").lower() == "feedback-report"
    if report is None and not is_report and not _is_unformed(letter):
        return None
    fields = fields_of(report.content) if report else [{}]
    facts: dict[str, str] = {}
    for group in fields:
        facts = group | facts
    recipient = clean_email(facts.get("original-rcpt-to", "") or facts.get("removal-recipient", ""))
    named = original_recipients(letter)
    # Some providers leave it out, but not out of the letter they enclose.
    recipient = recipient or (named[0] if len(named) == 1 else "")
    kind = facts.get("feedback-type", "abuse")
    failed = FailedDelivery(recipient, original_id(letter), permanent=True, detail=f"Reported as {kind}"[:200])
    return Verdict(Kind.COMPLAINT, f"A provider reports a complaint of a reader ({kind})"[:300], (failed,))


def _is_unformed(letter: Letter) -> bool:
    """Some providers attach the mail and say so in the subject only."""
    subjects = tuple(words("bounces")["complaint_subjects"])
    return letter.folded_subject.startswith(subjects) and letter.part("message/rfc822") is not None
