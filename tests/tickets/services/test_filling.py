"""Variables of canned replies: allow-listed names, plain substitution, nothing of a customer unescaped."""

from html import escape, unescape

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Membership, Tenant
from integrations.models import Order
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.factories.tickets import make_inbox, make_ticket
from tickets.services.filling import VARIABLES, fill, read_values, unknown_names

VALUES = {"customer.first_name": "Ana", "ticket.number": "42"}
# Security check 44: what templates of others would have run.
ATTACKS = (
    "{{settings.SECRET_KEY}}",
    "{{ticket.__class__}}",
    "{{ticket.__class__.__mro__}}",
    "{% debug %}",
    "{{7*7}}",
    "{{customer.password}}",
    "{{customer.first_name.__class__}}",
    "{{ticket.customer.note}}",
    "{{request.user}}",
    "{{''.__class__}}",
    "${7*7}",
    "<%= 7*7 %>",
    "{{nothing.here|x}}",
)


@pytest.mark.parametrize(
    ("html", "filled"),
    [
        ("Hi {{customer.first_name}}, {{ ticket.number }}", "Hi Ana, 42"),
        ("Hi {{customer.name}}.", "Hi ."),
        ("Hi {{customer.name|there}}.", "Hi there."),
        ("Hi {{customer.first_name|there}}.", "Hi Ana."),
        ("Hi {{customer.name| you &amp; yours }}.", "Hi you &amp; yours."),
        ("{{customer.name|<b>there</b>}}", "{{customer.name|<b>there</b>}}"),
        ("{{{{customer.first_name}}}}", "{{Ana}}"),
    ],
)
def test_known_names_are_filled_and_defaults_stand_in(html: str, filled: str) -> None:
    assert fill(html=html, values=VALUES) == filled


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_is_not_on_the_list_stays_as_it_is(attack: str) -> None:
    assert fill(html=f"<div>{attack}</div>", values=VALUES) == f"<div>{attack}</div>"


@pytest.mark.parametrize("attack", [*ATTACKS, "{{agent.name}}", "<script>x</script>", '" onclick="x'])
def test_values_are_never_read_again(attack: str) -> None:
    filled = fill(html="{{customer.name}}", values={"customer.name": attack, "agent.name": "Bela"})

    assert filled == escape(attack)


@given(value=st.text(), name=st.sampled_from(sorted(VARIABLES)))
def test_filled_text_holds_no_unescaped_customer_text(value: str, name: str) -> None:
    filled = fill(html=f'<a title="{{{{{name}}}}}">{{{{{name}}}}}</a>', values={name: value})

    inner = filled.removeprefix('<a title="').removesuffix("</a>")
    assert not set("<\"'") & set(inner.replace('">', "", 1))
    assert unescape(filled.split(">", 1)[1].removesuffix("</a>")) == unescape(escape(" ".join(value.split())))


@given(st.text(alphabet="{}|.<>acdeimnorstu_ ", max_size=300))
def test_any_text_is_filled_and_judged(html: str) -> None:
    fill(html=html, values=VALUES)
    unknown_names(html)


def test_names_nobody_knows_are_told() -> None:
    html = "{{customer.name|x}} {{customer.age}} {{ x }} {{customer.age}} {{customer.<b>name</b>}} {{agent.name}}"

    assert unknown_names(html) == ("{{customer.age}}", "{{ x }}", "{{customer.name}}")


def test_values_are_those_of_the_ticket(bela: Membership, in_acme: Tenant) -> None:
    customer = make_customer("Ana", "Lopes")
    make_contact(customer, "ana@shopper.example", is_primary=True)
    link = make_link(make_connection(), customer)
    for day, name in ((1, "#1001"), (2, "#1002")):
        placed = timezone.now().replace(year=2026, month=1, day=day)
        facts = {"remote_id": name, "name": name, "name_folded": name, "placed_at": placed}
        Order.objects.create(connection=link.connection, store_customer=link, **facts)
    inbox = make_inbox(name="Support")
    ticket = make_ticket(inbox, customer=customer, subject="Where is it?")

    values = read_values(ticket=ticket, agent=bela, inbox=inbox)

    assert set(values) == set(VARIABLES)
    assert (values["customer.email"], values["order.name"]) == ("ana@shopper.example", "#1002")
    assert (values["agent.name"], values["inbox.name"]) == ("Bela", "Support")


def test_without_a_ticket_only_agent_and_inbox_are_known(bela: Membership, in_acme: Tenant) -> None:
    assert set(read_values(ticket=None, agent=bela, inbox=None)) == {"agent.name", "agent.first_name"}
