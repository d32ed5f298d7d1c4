"""Words on customers: one word in any spelling, history, what fields of tags offer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.kinds import CustomerEvent
from customers.models import Customer, CustomerTag
from customers.services.tagging_customer import MOST, BadTag, TooManyTags, suggest_tags, tag_customer
from events.models import Event
from tests.customers.actors import ADA, BELA, Told
from tests.factories.customers import make_customer


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def tags_of(customer: Customer) -> list[str]:
    return list(CustomerTag.objects.filter(customer=customer).order_by("name_folded").values_list("name", flat=True))


def test_words_come_and_go_and_history_says_who(customer: Customer, told: Told) -> None:
    names = told(lambda: tag_customer(customer=customer, add=["Wholesale", " likes  tea "], actor=ADA))
    changed = tag_customer(customer=customer, add=["ремонт"], remove=["WHOLESALE"], actor=BELA)

    assert names == [customer.live_name]
    assert tags_of(customer) == ["likes tea", "ремонт"]
    assert changed == {"ремонт", "Wholesale"}
    told_of = CustomerTag.history.order_by("history_id").values_list("history_type", "name", "actor_name")
    assert list(told_of) == [
        ("+", "likes tea", "Ada"),
        ("+", "Wholesale", "Ada"),
        ("-", "Wholesale", "Bela"),
        ("+", "ремонт", "Bela"),
    ]
    assert Event.objects.filter(type=str(CustomerEvent.EDITED), data={"fields": ["tags"]}).count() == 2


def test_what_is_there_or_gone_already_changes_nothing(customer: Customer) -> None:
    tag_customer(customer=customer, add=["Wholesale"], actor=ADA)

    changed = tag_customer(customer=customer, add=["wholesale"], remove=["never there"], actor=BELA)

    assert changed == frozenset()
    assert tags_of(customer) == ["Wholesale"]
    assert Event.objects.filter(type=str(CustomerEvent.EDITED)).count() == 1


def test_word_that_others_carry_is_spelled_as_theirs(customer: Customer) -> None:
    tag_customer(customer=make_customer("Bruno"), add=["VIP Club"], actor=ADA)

    tag_customer(customer=customer, add=["vip club", "New One"], actor=BELA)

    assert tags_of(customer) == ["New One", "VIP Club"]


def test_word_both_put_on_and_taken_off_stays(customer: Customer) -> None:
    tag_customer(customer=customer, add=["tea"], actor=ADA)

    tag_customer(customer=customer, add=["Tea"], remove=["tea"], actor=ADA)

    assert tags_of(customer) == ["tea"]


@pytest.mark.parametrize("name", ["", " \x00 ", "a, b", "x" * 51, "ﷺ" * 10])
def test_what_is_no_word_is_refused(customer: Customer, name: str) -> None:
    with pytest.raises(BadTag):
        tag_customer(customer=customer, add=["fine", name], actor=ADA)

    assert tags_of(customer) == []


def test_customer_carries_at_most_fifty(customer: Customer) -> None:
    tag_customer(customer=customer, add=[f"tag {number}" for number in range(MOST)], actor=ADA)

    with pytest.raises(TooManyTags):
        tag_customer(customer=customer, add=["one more"], actor=ADA)
    tag_customer(customer=customer, add=["one more"], remove=["tag 7"], actor=ADA)

    assert len(tags_of(customer)) == MOST


def test_words_in_use_are_offered_by_their_beginning_each_once(customer: Customer, globex: Tenant) -> None:
    for name in ("Bruno", "Carla", "Dora"):
        tag_customer(customer=make_customer(name), add=["tea", "teapots", "coffee", "zebras"], actor=ADA)
    with tenant_scope(globex):
        tag_customer(customer=make_customer(), add=["teacher"], actor=ADA)

    assert suggest_tags(start="TEA") == ("tea", "teapots")
    assert suggest_tags(start="") == ("coffee", "tea", "teapots", "zebras")
    assert suggest_tags(start="", most=1) == ("coffee",)
    assert suggest_tags(start="%") == ()


def test_offering_words_steps_along_the_index(customer: Customer) -> None:
    CustomerTag.objects.bulk_create(
        CustomerTag(customer=customer, name=f"tag {number}", name_folded=f"tag {number}") for number in range(2000)
    )
    with CaptureQueriesContext(connection) as queries:
        suggest_tags(start="tag 1")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {queries[-1]['sql']}")
        plan = [line for (line,) in cursor.fetchall()]
    steps = [line for line in plan if "Index Cond:" in line]
    assert sum("using customer_tag_by_name" in line for line in plan) == len(steps) == 2
    assert all("< 'tag 2'" in step for step in steps)
    assert "> (word_1.name_folded)" in steps[1]
