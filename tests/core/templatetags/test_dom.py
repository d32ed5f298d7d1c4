"""Tags about the page itself."""

from types import SimpleNamespace

from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from core.templatetags.dom import dom_id, template_in


def test_dom_id_joins_live_name_and_part() -> None:
    assert dom_id(SimpleNamespace(live_name="ticket-42"), "header") == "ticket-42-header"
    assert dom_id("inbox", "list") == "inbox-list"


def test_csrf_field_works_in_an_isolated_partial(rf: RequestFactory) -> None:
    page = Template("{% include partial only %}")
    partial = Template("{% csrf_field %}")

    shown = page.render(RequestContext(rf.get("/"), {"partial": partial}))

    assert 'name="csrfmiddlewaretoken"' in shown


def test_csrf_field_without_a_request_is_empty() -> None:
    assert Template("{% csrf_field %}").render(Context()) == ""


def test_template_in_falls_back_to_the_plain_line() -> None:
    assert template_in("ticket.closed", "events/_partials") == [
        "events/_partials/ticket.closed.html",
        "events/_partials/line.html",
    ]


def test_the_forms_of_a_page_have_one_mask_and_the_next_page_another(rf: RequestFactory) -> None:
    forms = Template("{% csrf_field %}|{% csrf_field %}")
    request = rf.get("/")
    again = rf.get("/")
    again.META["CSRF_COOKIE"] = "x" * 32
    request.META["CSRF_COOKIE"] = "x" * 32

    one, other = forms.render(RequestContext(request)).split("|")
    next_one, _ = forms.render(RequestContext(again)).split("|")

    assert one == other != next_one
