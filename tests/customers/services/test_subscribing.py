"""Subscription of an e-mail address (F11, D25)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from customers.kinds import ContactKind, Subscription
from customers.services import subscribing
from events.models import Event
from tests.factories.customers import make_contact, make_customer


def test_state_is_of_the_address_and_told_to_each_holder(in_acme: Tenant, bela: Membership) -> None:
    line = make_contact(make_customer(), "office@shopper.example")
    other = make_contact(make_customer("Rui"), "office@shopper.example")

    for _ in range(2):
        subscribing.set_subscription(
            contact=line.contact, state=Subscription.UNSUBSCRIBED, actor=bela.as_actor(), at=timezone.now()
        )

    other.contact.refresh_from_db()
    assert other.contact.subscription == Subscription.UNSUBSCRIBED
    told = Event.objects.filter(type="customer.contact_changed").values_list("customer_id", "data__change")
    assert set(told) == {(line.customer_id, "unsubscribed"), (other.customer_id, "unsubscribed")}


def test_late_word_does_not_undo_a_newer_one(in_acme: Tenant, bela: Membership) -> None:
    contact = make_contact(make_customer(), "ana@shopper.example").contact
    now = timezone.now()
    for state, at in ((Subscription.UNSUBSCRIBED, now), (Subscription.SUBSCRIBED, now - timedelta(minutes=1))):
        contact = subscribing.set_subscription(contact=contact, state=state, actor=bela.as_actor(), at=at)

    assert contact.subscription == Subscription.UNSUBSCRIBED


def test_phone_is_not_subscribed(in_acme: Tenant, bela: Membership) -> None:
    contact = make_contact(make_customer(), "+351912345678", kind=ContactKind.PHONE).contact

    with pytest.raises(subscribing.NoMailbox):
        subscribing.set_subscription(
            contact=contact, state=Subscription.SUBSCRIBED, actor=bela.as_actor(), at=timezone.now()
        )
