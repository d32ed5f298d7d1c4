"""Encrypted columns and derived keys."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from accounts.models import Tenant
from core import crypto
from integrations.models import Connection
from tests.factories.integrations import make_connection


def test_secret_is_encrypted_at_rest(in_acme: Tenant) -> None:
    made = make_connection(token="shpat_secret")

    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM integrations_connection WHERE id = %s", [made.pk])
        stored = cursor.fetchone()[0]

    assert "shpat_secret" not in stored
    assert Connection.objects.get(pk=made.pk).token == "shpat_secret"


def test_same_secret_is_stored_differently_each_time() -> None:
    assert crypto.encrypt("a") != crypto.encrypt("a")


def test_former_key_still_opens(settings: Any) -> None:
    token = crypto.encrypt("secret")
    settings.ENCRYPTION_KEYS = (Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS)

    assert crypto.decrypt(token) == "secret"
    assert not crypto.has_newest_key(token)
    assert crypto.has_newest_key(crypto.encrypt("secret"))


def test_lost_key_is_said_in_words(settings: Any) -> None:
    token = crypto.encrypt("secret")
    settings.ENCRYPTION_KEYS = (Fernet.generate_key().decode(),)

    with pytest.raises(crypto.Undecryptable, match="ENCRYPTION_KEYS"):
        crypto.decrypt(token)


def test_keys_of_two_purposes_differ(settings: Any) -> None:
    first, second = crypto.derived_key("reply"), crypto.derived_key("mail")
    settings.SECRET_KEY_FALLBACKS = ["before"]

    assert first != second
    assert len(first) == 32
    assert crypto.derived_keys("reply")[0] == first
    assert len(crypto.derived_keys("reply")) == 2
