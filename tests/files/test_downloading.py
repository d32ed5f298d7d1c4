"""Handing out stored files: to members only, and never as a page of ours."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import Membership
from accounts.tenancy import tenant_scope
from files.models import StoredFile
from files.services.storing import store

SignIn = Callable[[Membership], Client]
PNG = b"\x89PNG\r\n\x1a\n"


def put(member: Membership, **facts: Any) -> StoredFile:
    facts = {"name": "photo.png", "content_type": "image/png", "content": PNG, **facts}
    with tenant_scope(member.tenant):
        return store(**facts)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_image_is_shown(sign_in: SignIn, ada: Membership) -> None:
    stored = put(ada)

    response = sign_in(ada).get(f"/acme/files/{stored.key}/")

    assert body(response) == PNG
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'inline; filename="photo.png"'


@pytest.mark.parametrize(
    "content_type", ["text/html", "image/svg+xml", "application/xhtml+xml", "application/pdf", "text/xml", "x\r\ny: z"]
)
def test_what_could_run_is_downloaded(sign_in: SignIn, ada: Membership, content_type: str) -> None:
    stored = put(ada, name="page.html", content_type=content_type, content=b"<script>alert(1)</script>")

    response = sign_in(ada).get(f"/acme/files/{stored.key}/")

    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "name", ["../../x", "a\r\nSet-Cookie: a=b", 'a"; x="', "文.png", "x" * 400, "\u202egnp.exe", ""]
)
def test_any_name_is_one_header(sign_in: SignIn, ada: Membership, name: str) -> None:
    stored = put(ada, name=name)

    response = sign_in(ada).get(f"/acme/files/{stored.key}/")

    assert body(response) == PNG
    assert "\n" not in response.get("Content-Disposition", "")
    assert "Set-Cookie" not in response.headers or "a=b" not in response["Set-Cookie"]
    assert name[:6] not in stored.path or not name


def test_file_of_others_is_not_found(sign_in: SignIn, ada: Membership, cleo: Membership, client: Client) -> None:
    stored = put(ada)
    theirs = sign_in(cleo)

    assert theirs.get(f"/acme/files/{stored.key}/").status_code == 404
    assert theirs.get(f"/globex/files/{stored.key}/").status_code == 404
    assert client.get(f"/acme/files/{stored.key}/").status_code == 302


def test_file_that_the_storage_lost_is_not_found(sign_in: SignIn, ada: Membership) -> None:
    stored = put(ada)
    default_storage.delete(stored.path)

    assert sign_in(ada).get(f"/acme/files/{stored.key}/").status_code == 404


def test_two_files_with_one_name_are_two(in_acme: Any) -> None:
    first, second = (store(name="a.png", content_type="image/png", content=bytes([n])) for n in (1, 2))

    assert first.path != second.path
    assert len(first.key) == 40
    assert first.sha256 != second.sha256
