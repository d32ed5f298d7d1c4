"""Whatever is received, merged, unmerged and split, in whatever order: every message is there, once."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.kinds import SYSTEM
from accounts.models import Tenant
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Inbox, Message, Ticket
from tickets.services import merging, receiving, splitting, unmerging

PLACES = st.integers(0, 7)
ACTS = st.one_of(
    st.tuples(st.just("receive"), PLACES, st.just(0)),
    st.tuples(st.just("merge"), PLACES, PLACES),
    st.tuples(st.just("unmerge"), PLACES, st.just(0)),
    st.tuples(st.just("split"), PLACES, st.integers(1, 6)),
)
REFUSALS = (
    merging.SameTicket,
    merging.AlreadyMerged,
    unmerging.NotMerged,
    splitting.NothingToSplit,
    splitting.NothingWouldRemain,
)
START = timezone.now()


class Walk:
    def __init__(self) -> None:
        self.inbox: Inbox = make_inbox()
        self.tickets = [make_ticket(self.inbox) for _ in range(3)]
        self.count = 0
        for place in range(3):
            self.receive(place, 0)

    def at(self, place: int) -> Ticket:
        return Ticket.objects.get(pk=self.tickets[place % len(self.tickets)].pk)

    def receive(self, place: int, _: int) -> None:
        self.count += 1
        letter = receiving.Letter("Ana", f"ana{place}@shopper.example", f"message {self.count}", "", "", ())
        at = START + timedelta(seconds=self.count)
        receiving.receive_message(
            ticket=self.at(place), letter=letter, customer=None, joined_because="", reopens=True, at=at
        )

    def merge(self, place: int, other: int) -> None:
        merging.merge_tickets(source=self.at(place), into=self.at(other), actor=SYSTEM, at=START)

    def unmerge(self, place: int, _: int) -> None:
        unmerging.unmerge_ticket(ticket=self.at(place), actor=SYSTEM)

    def split(self, place: int, number: int) -> None:
        message = Message.objects.filter(ticket=self.at(place), number=number).first()
        numbers = splitting.numbers_from(message=message) if message else []
        fresh = splitting.split_ticket(ticket=self.at(place), numbers=numbers, subject="", actor=SYSTEM, at=START)
        self.tickets.append(fresh)

    def check(self) -> None:
        texts = Counter(Message.objects.values_list("text", flat=True))
        assert texts == Counter(f"message {number}" for number in range(1, self.count + 1))
        for ticket in Ticket.objects.all():
            messages = list(Message.objects.filter(ticket=ticket).order_by("created_at"))
            assert ticket.message_count >= max((one.number for one in messages), default=0)
            assert not (ticket.merged_into_id and (messages or ticket.is_open))
            if messages:
                assert (ticket.preview, ticket.last_message_at) == (messages[-1].text, messages[-1].created_at)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=4, max_size=14))
def test_no_message_is_lost_or_doubled(in_acme: Tenant, acts: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        walk = Walk()
        for name, place, other in acts:
            with suppress(*REFUSALS):
                getattr(walk, name)(place, other)
            walk.check()
        transaction.set_rollback(True)
