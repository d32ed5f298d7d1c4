"""The picture of a customer: judged by its content, one at a time, two people who choose one."""

import pytest

from accounts.models import Tenant
from customers.models import Customer
from customers.services.portraying import LARGEST, NotAPhoto, Photo, PhotoContested, judge_photo, set_photo
from files.models import StoredFile
from files.services import storing
from tests.core.test_pictures import png
from tests.customers.actors import ADA, BELA, Told
from tests.factories.customers import make_customer


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def photo(width: int = 4) -> Photo:
    return judge_photo(name="Ana\x00 at sea.png", content=png(width, 3))


def test_photo_is_what_its_content_says(in_acme: Tenant) -> None:
    judged = judge_photo(name=" \n", content=png(4, 3))

    assert (judged.name, judged.content_type) == ("photo", "image/png")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This is no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "This is no picture"),
        (b"GIF89a", "This is no picture"),
        (png(10_000, 5_001), "at most 50 million pixels"),
        (png(4, 3) + b"x" * LARGEST, "at most 5 MB"),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(NotAPhoto, match=words):
        judge_photo(name="ana.png", content=content)


def test_photo_is_set_replaced_and_taken_off(customer: Customer, told: Told) -> None:
    names = told(lambda: set_photo(customer=customer, photo=photo(), actor=ADA))
    customer.refresh_from_db()
    first = customer.photo
    assert first
    assert (first.name, first.content_type, storing.read(first)) == ("Ana at sea.png", "image/png", png(4, 3))
    assert names == [customer.live_name]

    assert set_photo(customer=customer, photo=photo(5), actor=BELA)
    customer.refresh_from_db()
    assert customer.photo
    assert customer.photo != first

    assert set_photo(customer=customer, photo=None, actor=BELA)
    customer.refresh_from_db()
    assert customer.photo is None
    assert not set_photo(customer=customer, photo=None, actor=BELA)
    assert [row.actor_name for row in customer.history.order_by("history_id")][1:] == ["Ada", "Bela", "Bela"]


def test_photo_that_is_shown_no_more_is_kept_for_the_history(customer: Customer) -> None:
    set_photo(customer=customer, photo=photo(), actor=ADA)
    kept = StoredFile.objects.get()

    set_photo(customer=customer, photo=None, actor=ADA)

    assert storing.read(StoredFile.objects.get(pk=kept.pk)) == png(4, 3)


def test_two_who_choose_a_photo_are_told(customer: Customer) -> None:
    set_photo(customer=customer, photo=photo(), actor=ADA, based_on="")

    with pytest.raises(PhotoContested):
        set_photo(customer=customer, photo=photo(5), actor=BELA, based_on="")

    customer.refresh_from_db()
    assert customer.photo
    assert set_photo(customer=customer, photo=photo(5), actor=BELA, based_on=customer.photo.key)
