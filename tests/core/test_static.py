"""What browsers load beside a page: little, once, and for ever."""

import gzip
import re
from typing import Any

import pytest
from django.template import engines
from django.test import Client

from core import static
from core.static import assets

STATIC = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def render(text: str) -> str:
    return engines["django"].from_string(text).render({})


def test_a_page_loads_four_files_that_are_kept_for_ever(client: Client, db: None) -> None:
    page = render("{% extends 'base.html' %}")

    loaded = STATIC.findall(page)

    assert len(loaded) == 4
    for path in loaded:
        answer = client.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_asset_is_zipped_for_those_who_take_it(client: Client) -> None:
    path = f"/static/{assets()['css/app.css'].name}"

    plain = client.get(path)
    zipped = client.get(path, headers={"Accept-Encoding": "br, gzip"})
    refused = client.get(path, headers={"Accept-Encoding": "gzip;q=0, br"})

    assert gzip.decompress(zipped.content) == plain.content == refused.content
    assert zipped["Content-Encoding"] == "gzip"
    assert not plain.has_header("Content-Encoding")
    assert plain["Vary"] == zipped["Vary"] == "Accept-Encoding"
    assert plain["Content-Type"] == "text/css; charset=utf-8"


def test_an_asset_that_is_still_there_is_not_sent_again(client: Client) -> None:
    path = f"/static/{assets()['js/app.js'].name}"
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    changed = client.get(path, headers={"If-None-Match": '"another"'})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_an_asset_is_read_only(client: Client) -> None:
    path = f"/static/{assets()['js/app.js'].name}"

    head = client.head(path)

    assert (head.status_code, head.content) == (200, b"")
    assert int(head["Content-Length"]) == len(assets()["js/app.js"].content)
    assert client.post(path).status_code == 405


def test_the_name_follows_the_content(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {source: asset.name for source, asset in assets().items()}
    read = static._read
    monkeypatch.setattr(static, "_read", lambda path: read(path) + ("\np{}\n" if path.endswith(".css") else ""))

    after = assets.__wrapped__()

    assert after["css/app.css"].name != before["css/app.css"]
    assert after["js/app.js"].name == before["js/app.js"]


def test_with_debug_the_sources_are_loaded(settings: Any) -> None:
    settings.STATIC_BUNDLED = False

    loaded = STATIC.findall(render("{% extends 'base.html' %}"))

    assert loaded == [
        "/static/icons/favicon.svg",
        "/static/css/app.css",
        "/static/js/theme-early.js",
        "/static/vendor/htmx.min.js",
        "/static/vendor/idiomorph-ext.min.js",
        "/static/js/app.js",
    ]


def test_the_sources_are_served_too(client: Client) -> None:
    answer: Any = client.get("/static/js/app.js")

    assert answer.status_code == 200
    assert b"import" in b"".join(answer.streaming_content)
