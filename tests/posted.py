"""What a browser without scripts would send of a form, so that tests post what pages really ask."""

from html.parser import HTMLParser

from django.http import QueryDict


def posted_by(page: str) -> QueryDict:
    """The inputs, selects and text areas of a page as they stand, changeable."""
    reader = _Inputs()
    reader.feed(page)
    return reader.data


class _Inputs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.data = QueryDict(mutable=True)
        self._select = ""
        self._area: str | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if self._select not in self.data or "selected" in given:
                self.data[self._select] = value  # the first one, until a chosen one comes
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "input" and name and given.get("type") not in ("submit", "file"):
            if given.get("type") not in ("checkbox", "radio"):
                self.data.appendlist(name, value)
            elif "checked" in given:
                self.data.appendlist(name, value or "on")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area is not None:
            self.data.appendlist(self._area, "".join(self._text).removeprefix("\n"))
            self._area = None

    def handle_data(self, data: str) -> None:
        self._text.append(data)
