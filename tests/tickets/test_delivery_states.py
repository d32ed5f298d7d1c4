"""How far a message has got: one order, whatever comes in which order, however often."""

from itertools import permutations, product

import pytest

from tickets.kinds import DeliveryState

QUEUED, SENT, FAILED = DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.FAILED
DELIVERED, OPENED, BOUNCED = DeliveryState.DELIVERED, DeliveryState.OPENED, DeliveryState.BOUNCED
REPORTS = (SENT, DELIVERED, OPENED, BOUNCED)


def after(*reports: DeliveryState) -> DeliveryState:
    state = DeliveryState.SENDING
    for one in reports:
        state = state.or_further(one)
    return state


def test_order_of_reports_does_not_matter() -> None:
    for size in range(1, 5):
        for reports in product(REPORTS, repeat=size):
            assert {after(*mixed) for mixed in permutations(reports)} == {after(*reports)}
            assert after(*reports, *reports) == after(*reports)


def test_coming_back_is_the_last_word() -> None:
    assert after(DELIVERED, SENT) == DELIVERED
    assert after(OPENED, DELIVERED) == OPENED
    assert after(BOUNCED, OPENED, DELIVERED, SENT) == BOUNCED


def test_sending_again_goes_on_from_a_failure() -> None:
    assert FAILED.or_further(SENT) == SENT


@pytest.mark.parametrize(
    ("recipients", "whole"),
    [
        ([SENT], SENT),
        ([BOUNCED], BOUNCED),
        ([FAILED], FAILED),
        ([FAILED, BOUNCED], BOUNCED),
        ([SENT, DELIVERED], SENT),
        ([DELIVERED, DELIVERED], DELIVERED),
        ([DELIVERED, OPENED], OPENED),
        ([SENT, OPENED], OPENED),
        ([DELIVERED, BOUNCED], DELIVERED),
        ([SENT, FAILED], SENT),
    ],
)
def test_message_is_as_far_as_those_who_have_it(recipients: list[DeliveryState], whole: DeliveryState) -> None:
    for mixed in permutations(recipients):
        assert DeliveryState.of_all(mixed) == whole


def test_opening_by_somebody_counts_unless_nobody_has_it() -> None:
    assert DeliveryState.of_all([SENT, DELIVERED], was_opened=True) == OPENED
    assert DeliveryState.of_all([BOUNCED], was_opened=True) == BOUNCED


def test_what_left_is_told_from_what_did_not() -> None:
    assert [one for one in DeliveryState if one.has_left] == [SENT, DELIVERED, OPENED, BOUNCED]
    assert not QUEUED.has_left
