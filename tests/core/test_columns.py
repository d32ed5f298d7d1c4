"""Arrays as PostgreSQL reads them, whatever stands in their texts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.database.columns import array_literal

pytestmark = pytest.mark.django_db
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
AWKWARD = ["", "NULL", "null", '"', "\\", '","', "{}", "{a,b}", " blank ", "a\nb", '\\\\"', "%s", "'", "é日"]


def read(values: list[Any], type: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{type}[]", [array_literal(values)])
        return list(cursor.fetchone()[0])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(values=st.lists(st.none() | st.sampled_from(AWKWARD) | TEXTS, min_size=1))
def test_texts_come_back(values: list[str | None]) -> None:
    assert read(values, "text") == values


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_comes_back_alone(text: str) -> None:
    assert read([text], "text") == [text]


@pytest.mark.parametrize(
    ("values", "type"),
    [
        ([1, None, -(2**40)], "bigint"),
        ([True, None, False], "boolean"),
        ([Decimal("1.50"), None], "numeric"),
        ([date(1990, 12, 31), None], "date"),
        ([datetime(2026, 3, 1, 12, 5, 6, 789, tzinfo=UTC), None], "timestamptz"),
        ([None, None], "text"),
        ([], "text"),
    ],
)
def test_other_values_come_back(values: list[Any], type: str) -> None:
    assert read(values, type) == values
