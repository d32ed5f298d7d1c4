"""Which storage the environment asks for; tests/files/test_bucket.py has a real bucket."""

from dataclasses import replace
from typing import Any

from helpdesk.env import env
from helpdesk.file_storage import file_storage


def options(**given: Any) -> dict[str, Any]:
    found: dict[str, Any] = file_storage(replace(env, s3_bucket="files", **given))["OPTIONS"]
    return found


def test_disk_is_used_where_no_bucket_is_named() -> None:
    assert file_storage(replace(env, s3_bucket=""))["BACKEND"].endswith("FileSystemStorage")


def test_bucket_is_closed_and_asked_for_each_file_once() -> None:
    made = options(s3_key="k", s3_secret="s")

    assert (made["default_acl"], made["file_overwrite"]) == (None, True)
    assert (made["access_key"], made["secret_key"], made["endpoint_url"]) == ("k", "s", None)


def test_role_of_the_machine_is_used_without_a_key() -> None:
    assert options()["access_key"] is None


def test_store_that_is_not_amazon_s_has_no_host_for_each_bucket() -> None:
    assert options(s3_endpoint="https://files.acme.example")["client_config"].s3 == {"addressing_style": "path"}
