"""What the receiving host found of a sender's claim lowers trust; what a sender writes themselves raises none."""

import pytest

from channels.email.authentication import DMARC, SPF
from channels.email.parsing import parse_mail
from tests.channels.email.building import mail

GOOGLE = "Authentication-Results: mx.google.example;"


def disowned(*lines: str) -> str:
    return parse_mail("\n".join(lines).encode() + b"\n" + mail()).disowned


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ("dkim=pass header.i=@x.example; spf=pass smtp.mailfrom=x.example; dmarc=pass (p=REJECT) header.from=x", ""),
        ("spf=pass (g: x) smtp.mailfrom=evil.example; dmarc=fail (p=REJECT sp=REJECT) header.from=x.example", DMARC),
        ("dkim=fail; spf=softfail; dmarc = FAIL", DMARC),
        ("dkim=none; spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=x.example", SPF),
        ("dkim=pass header.d=x.example; spf=fail smtp.mailfrom=x.example", ""),  # forwarded, and signed
        ("spf=fail; dmarc=pass", ""),
        ("spf=softfail; dkim=none", ""),
        ("spf=neutral", ""),
        ("dmarc=none; dkim=fail; spf=pass", ""),
        ("none", ""),
        ("iprev=pass (dmarc=fail) policy.x=1", ""),  # only a remark
        ("x-dmarc=fail", ""),
    ],
)
def test_results_of_the_receiving_host_are_read(results: str, found: str) -> None:
    assert disowned(f"{GOOGLE} {results}") == found


def test_host_that_leaves_its_name_out_is_read() -> None:
    assert disowned("Authentication-Results: spf=fail (x) smtp.mailfrom=x; dkim=none;\tdmarc=fail action=x;") == DMARC


def test_several_fields_of_one_host_count_together() -> None:
    assert disowned(f"{GOOGLE} spf=pass", f"{GOOGLE} dmarc=fail", "Received: from a by b; x") == DMARC


def test_what_earlier_stations_found_counts_for_nothing() -> None:
    """A forwarder's own check, and what a sender claims to have passed."""
    top = f"{GOOGLE} dmarc=pass"
    assert disowned(top, "Received: from a by b; x", "Authentication-Results: list.example; dmarc=fail") == ""
    assert disowned(top, "Received: from a by b; x", f"{GOOGLE} dmarc=fail") == ""
    assert disowned(top, "Authentication-Results: list.example; dmarc=fail") == ""
    assert disowned(f"{GOOGLE} dmarc=fail", "Authentication-Results: evil.example; dmarc=pass") == DMARC


@pytest.mark.parametrize(("value", "found"), [("Fail (x: y)", SPF), ("softfail (x)", ""), ("pass", ""), ("", "")])
def test_older_field_is_read_where_no_other_is(value: str, found: str) -> None:
    assert disowned(f"Received-SPF: {value}") == found
    assert disowned(f"Received-SPF: {value}", f"{GOOGLE} dmarc=pass") == ""


def test_nonsense_is_read_in_no_time() -> None:
    assert disowned(f"{GOOGLE} {'(' * 5000}", f"{GOOGLE} {'dmarc=' * 2000}") == ""


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("Mailer <bounce@mailer.example>", "bounce@mailer.example"),
        ("Ana <ANA@shopper.example>", None),
        ("nonsense", None),
    ],
)
def test_who_really_sent_it_is_kept(field: str, found: str | None) -> None:
    sent_by = parse_mail(mail(Sender=field)).sent_by

    assert (sent_by.email if sent_by else None) == found
