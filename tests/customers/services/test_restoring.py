"""Going back to an earlier text."""

import pytest

from accounts.models import Tenant
from customers.models import Customer
from customers.services import noting, restoring
from tests.customers.actors import ADA, BELA, NOON
from tests.factories.customers import make_customer


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    customer = make_customer()
    for version, text in enumerate(("One", "Two")):
        noting.save_note(customer=customer, text=text, based_on=version, actor=ADA, at=NOON)
    return customer


def test_restore_version_is_a_new_save(customer: Customer) -> None:
    note = restoring.restore_version(customer=customer, number=1, actor=BELA, at=NOON)

    assert (note.text, note.version, note.author_name) == ("One", 3, "Bela")
    texts = restoring.versions_of(customer=customer).order_by("number").values_list("text", flat=True)
    assert list(texts) == ["One", "Two", "One"]


def test_restore_version_of_the_current_text_changes_nothing(customer: Customer) -> None:
    assert restoring.restore_version(customer=customer, number=2, actor=BELA, at=NOON).version == 2


def test_restore_version_that_never_was_is_refused(customer: Customer) -> None:
    with pytest.raises(restoring.VersionMissing):
        restoring.restore_version(customer=customer, number=3, actor=BELA, at=NOON)


def test_restore_version_knows_no_other_customers_versions(customer: Customer) -> None:
    other = make_customer("Bruno")

    with pytest.raises(restoring.VersionMissing):
        restoring.restore_version(customer=other, number=1, actor=BELA, at=NOON)
