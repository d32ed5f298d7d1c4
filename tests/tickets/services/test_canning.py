"""Canned replies: who sees which, and which fits."""

import pytest

from accounts.models import Membership, Tenant
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Inbox
from tickets.services import canning


@pytest.fixture
def inbox(in_acme: Tenant) -> Inbox:
    return make_inbox()


def titles(member: Membership, inbox: Inbox | None, words: str = "") -> list[str]:
    return [one.title for one in canning.offer(member=member, ticket=None, inbox=inbox, words=words)]


def test_personal_replies_are_offered_to_their_owner_only(ada: Membership, bela: Membership, inbox: Inbox) -> None:
    canning.add_reply(title="Everybody's", html="a", member=None, inbox=None)
    canning.add_reply(title="Bela's", html="b", member=bela, inbox=None)

    assert titles(bela, inbox) == ["Bela's", "Everybody's"]
    assert titles(ada, inbox) == ["Everybody's"]


def test_replies_of_an_inbox_are_offered_there_only(bela: Membership, inbox: Inbox) -> None:
    other = make_inbox("returns@acme.example", name="Returns")
    canning.add_reply(title="For returns", html="a", member=None, inbox=other)

    assert titles(bela, other) == ["For returns"]
    assert titles(bela, inbox) == titles(bela, None) == []


def test_replies_of_an_unseen_inbox_do_not_exist(bela: Membership, inbox: Inbox) -> None:
    reply = canning.add_reply(title="Secret", html="a", member=None, inbox=inbox)
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
    bela.refresh_from_db()

    assert canning.replies_of(bela) == []
    assert canning.find_reply(member=bela, number=reply.number) is None


def test_words_narrow_and_titles_that_begin_with_them_come_first(bela: Membership, inbox: Inbox) -> None:
    for title, html in (("About refunds", "x"), ("Hello", "<div>your refund</div>"), ("Refund", "x"), ("Other", "x")):
        canning.add_reply(title=title, html=html, member=None, inbox=None)

    assert titles(bela, inbox, "REF") == ["Refund", "About refunds", "Hello"]
    assert titles(bela, inbox, "your hello") == ["Hello"]


def test_offered_reply_is_filled_for_the_ticket(bela: Membership, inbox: Inbox) -> None:
    ticket = make_ticket(inbox, customer=make_customer("<b>Ana</b>", ""))
    canning.add_reply(title="Hi", html="<div>Hi {{customer.first_name}}</div>", member=None, inbox=None)

    (option,) = canning.offer(member=bela, ticket=ticket, inbox=inbox, words="")

    assert option.html == "<div>Hi &lt;b&gt;Ana&lt;/b&gt;</div>"
    assert option.preview == "Hi <b>Ana</b>"
