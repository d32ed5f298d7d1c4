"""The frame of every page, and the pieces pages share."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from demo.store import money
from demo.store.markup import Child, Markup, el, join
from demo.store.shop import Shop
from demo.store.web import Response, page

Link = tuple[str, str, str]  # Key, address, words.


def document(title: str, header: Markup, body: Iterable[Child], *, kind: str, status: int = 200) -> Response:
    """A whole page; `kind` (admin, shopfront, index) picks its look."""
    head = el(
        "head",
        None,
        el("meta", {"charset": "utf-8"}),
        el("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        el("meta", {"name": "color-scheme", "content": "light dark"}),
        el("title", None, f"{title} · Pretend store"),
        el("link", {"rel": "stylesheet", "href": "/static/store.css"}),
        el("link", {"rel": "icon", "href": "data:,"}),
    )
    content = el("body", {"class": kind}, fiction_bar(), header, el("main", None, *body))
    return page("<!doctype html>" + el("html", {"lang": "en"}, head, content), status)


def fiction_bar() -> Markup:
    """The line that keeps anybody from taking this for a real shop."""
    words = "Pretend store · fiction. Nobody here is real, nothing is for sale."
    return el("p", {"class": "fiction"}, words)


def header(name: str, links: Iterable[Link], active: str) -> Markup:
    """The shop's name and the ways through it."""
    items = [
        el("a", {"href": href, "aria-current": "page" if key == active else None}, words) for key, href, words in links
    ]
    return el("header", None, el("strong", None, name), el("nav", {"aria-label": "Main"}, *items))


def base(shop: Shop) -> str:
    """The path all pages of a shop begin with."""
    return f"/shops/{shop.state.domain}"


def card(title: str | None, *children: Child, kind: str = "") -> Markup:
    """A box with a heading."""
    return el("section", {"class": f"card {kind}".strip()}, el("h2", None, title) if title else None, *children)


def badge(words: str, tone: str = "") -> Markup:
    """A small label; `tone` is good, warn, bad or nothing."""
    return el("span", {"class": f"badge {tone}".strip()}, words)


def button(words: str, action: str, *hidden: tuple[str, str], kind: str = "") -> Markup:
    """A form that is only a button; `hidden` are its fields."""
    fields = [el("input", {"type": "hidden", "name": name, "value": value}) for name, value in hidden]
    return el("form", {"method": "post", "action": action}, *fields, el("button", {"class": kind or None}, words))


def moment(shop: Shop, at: datetime | None) -> Markup:
    """A time in the shop's zone."""
    if at is None:
        return join(())
    local = at.astimezone(ZoneInfo(shop.state.timezone))
    return el("time", {"datetime": at.isoformat()}, f"{local.day} {local:%b %Y, %H:%M}")


def price(shop: Shop, amount: Decimal) -> str:
    """An amount in the shop's currency, such as `34.00 EUR`."""
    return f"{money.in_webhook(amount, shop.state.currency)} {shop.state.currency}"


def words_of(enum: str) -> str:
    """PARTIALLY_REFUNDED as a person reads it."""
    return enum.replace("_", " ").capitalize()


def tone_of(status: str) -> str:
    """The tone of a payment, fulfillment or delivery status."""
    if status in ("PAID", "FULFILLED", "DELIVERED", "delivered"):
        return "good"
    if status in ("VOIDED", "REFUNDED", "DELAYED", "failed", "lost", "cancelled"):
        return "bad"
    return "warn"


def definitions(*pairs: tuple[str, Child]) -> Markup:
    """Terms with their values; a pair without a value is left out."""
    rows = [el("div", None, el("dt", None, term), el("dd", None, value)) for term, value in pairs if value]
    return el("dl", None, *rows)


def table(headings: Iterable[str], rows: Iterable[Iterable[Child]], empty: str) -> Markup:
    """A table, or a sentence when there is nothing to show; on a phone each row is a block with its headings."""
    heads = list(headings)
    lines = [
        el("tr", None, *(el("td", {"data-label": head}, cell) for head, cell in zip(heads, row, strict=True)))
        for row in rows
    ]
    if not lines:
        return el("p", {"class": "empty"}, empty)
    head = el("thead", None, el("tr", None, *(el("th", {"scope": "col"}, each) for each in heads)))
    return el("table", None, head, el("tbody", None, *lines))


def not_found(what: str) -> Response:
    """A page for an address that leads nowhere."""
    return document(
        "Not found",
        header("Pretend store", [("index", "/", "All shops")], ""),
        [card(f"No such {what}")],
        kind="index",
        status=404,
    )
