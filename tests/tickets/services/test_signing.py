"""What stands under replies."""

from accounts.models import Membership, Tenant
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Signature
from tickets.services import signing


def test_members_own_signature_comes_before_the_inboxs(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    inbox = make_inbox(signature="The Acme team\nacme.example")
    signing.write_signature(member=bela, words="Kind regards\nBela")

    own = signing.signature_of(member=bela, inbox=inbox, ticket=None)
    shared = signing.signature_of(member=ada, inbox=inbox, ticket=None)

    assert (own.text, own.html) == ("Kind regards\nBela", "<p>Kind regards<br>Bela</p>")
    assert shared.text == "The Acme team\nacme.example"


def test_signature_taken_away_gives_way_to_the_inboxs(in_acme: Tenant, bela: Membership) -> None:
    signing.write_signature(member=bela, words="Bela")
    signing.write_signature(member=bela, words="  ")

    assert not Signature.objects.exists()
    assert signing.signature_of(member=bela, inbox=make_inbox(), ticket=None).html == ""


def test_variables_are_filled_as_text_and_nothing_else_is(in_acme: Tenant, bela: Membership) -> None:
    ticket = make_ticket(make_inbox(name="<b>Help</b>"), customer=make_customer("{{agent.name}}"))
    words = "{{agent.name}} of {{inbox.name}} for {{customer.first_name}} {{7*7}} {{settings.SECRET_KEY}} {% debug %}"
    signing.write_signature(member=bela, words=words)

    filled = signing.signature_of(member=bela, inbox=ticket.inbox, ticket=ticket)

    assert filled.text == ("Bela of <b>Help</b> for {{agent.name}} {{7*7}} {{settings.SECRET_KEY}} {% debug %}")
    assert "<b>" not in filled.html


def test_signature_with_markup_is_cleaned(in_acme: Tenant, bela: Membership) -> None:
    inbox = make_inbox(signature="<p onclick=x>Team <script>alert(1)</script><b>Acme</b></p>")

    assert signing.signature_of(member=None, inbox=inbox, ticket=None).html == "<p>Team <strong>Acme</strong></p>"
