"""Suggests that two customers may be one person, and reads pages on which it stands."""

from django.test import Client

from customers.models import Customer, Suggestion
from tests.customers.actors import NOON

PAGE = "/acme/customers/duplicates/"
HTMX = {"HX-Request": "true"}


def suggest(one: Customer, other: Customer, score: float = 0.97, evidence: tuple[str, ...] = ("same phone",)) -> None:
    Suggestion.objects.create(one=one, other=other, score=score, evidence=list(evidence), created_at=NOON)


def text_of(client: Client, url: str = PAGE, **headers: str) -> str:
    return client.get(url, headers=headers).content.decode()
