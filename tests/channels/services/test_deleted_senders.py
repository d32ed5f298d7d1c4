"""Mail from the address of a customer who was deleted: nothing is lost, and nobody gets their past unasked."""

from collections.abc import Callable

from django.utils import timezone

from accounts.models import Membership
from channels.services.receiving import Received
from customers.models import Customer, CustomerContact
from customers.services import deleting
from tests.factories.channels import raw_mail
from tickets.models import Message

Receive = Callable[[bytes], Received]


def message_of(received: Received) -> Message:
    assert received.message is not None
    return received.message


def customer_of(message: Message) -> Customer:
    assert message.ticket.customer is not None
    return message.ticket.customer


def delete(customer: Customer, by: Membership) -> None:
    deleting.delete_customer(customer=customer, actor=by.as_actor(), at=timezone.now())


def test_new_letter_is_somebody_news(receive: Receive, bela: Membership) -> None:
    first = message_of(receive(raw_mail()))
    delete(customer_of(first), bela)

    second = message_of(receive(raw_mail(mail_id="<two@shopper.example>", subject="Another thing")))

    assert second.ticket != first.ticket
    assert customer_of(second) != customer_of(first)
    assert not customer_of(second).is_deleted


def test_answer_still_joins_its_ticket(receive: Receive, bela: Membership) -> None:
    first = message_of(receive(raw_mail()))
    delete(customer_of(first), bela)

    answer = raw_mail(mail_id="<two@shopper.example>", headers={"In-Reply-To": "<one@shopper.example>"})
    second = message_of(receive(answer))

    assert second.ticket == first.ticket
    assert customer_of(second) == customer_of(first)


def test_who_comes_back_shares_the_address_with_whoever_came_since(receive: Receive, bela: Membership) -> None:
    first = message_of(receive(raw_mail()))
    delete(customer_of(first), bela)
    second = message_of(receive(raw_mail(mail_id="<two@shopper.example>", subject="Another thing")))

    deleting.restore_customer(customer=customer_of(first), actor=bela.as_actor())

    holders = CustomerContact.objects.filter(contact__value="ana@shopper.example").values_list("customer", flat=True)
    assert set(holders) == {customer_of(first).pk, customer_of(second).pk}
