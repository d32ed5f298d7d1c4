"""One answer for htmx and for plain forms."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from core.htmx import respond


class Thing:
    def get_absolute_url(self) -> str:
        return "/acme/things/7/"


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Calls respond() with the given headers; the template is not what is tested."""

    def fake_render(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
        return HttpResponse(f"{template} {context}", status=status)

    def make(otherwise: Any, status: int = 200, **headers: str) -> HttpResponse:
        request: Any = RequestFactory().post("/acme/things/7/close/", headers=headers)
        request.htmx = HtmxDetails(request)
        return respond(request, "things/closed.html", {"thing": 7}, otherwise=otherwise, status=status)

    monkeypatch.setattr("core.htmx.render", fake_render)
    return make


def test_respond_renders_for_htmx(ask: Any) -> None:
    response = ask("/acme/", status=422, HX_Request="true")

    assert response.status_code == 422
    assert b"things/closed.html" in response.content


def test_respond_redirects_a_plain_form_to_the_thing(ask: Any) -> None:
    response = ask(Thing(), status=422)

    assert (response.status_code, response["Location"]) == (302, "/acme/things/7/")


def test_respond_redirects_a_boosted_form(ask: Any) -> None:
    response = ask("/acme/", HX_Request="true", HX_Boosted="true")

    assert (response.status_code, response["Location"]) == (302, "/acme/")
