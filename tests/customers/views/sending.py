"""What a browser would send of a form as the page shows it."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self, form_class: str) -> None:
        super().__init__()
        self.form_class, self.is_inside = form_class, False
        self.sent: dict[str, list[str]] = {}
        self._select: str = ""
        self._options: list[tuple[str, bool]] = []
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = self.form_class in facts.get("class", "").split()
        if not self.is_inside:
            return
        if tag == "input" and facts.get("name"):
            self._take(facts)
        if tag == "textarea" and facts.get("name"):
            self._textarea = facts["name"]
            self.sent[self._textarea] = [""]
        if tag == "select":
            self._select, self._options = facts["name"], []
        if tag == "option" and self._select:
            self._options.append((facts.get("value", ""), "selected" in facts))

    def handle_data(self, data: str) -> None:
        if self._textarea:
            # The first line end is markup, as browsers read it.
            self.sent[self._textarea][0] += data if self.sent[self._textarea][0] else data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""
        if tag == "form":
            self.is_inside = False
        if tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen]
            self.sent[self._select] = chosen[:1] or [value for value, _ in self._options[:1]]
            self._select = ""

    def _take(self, facts: dict[str, str]) -> None:
        is_box = facts.get("type") in ("checkbox", "radio")
        if facts.get("type") == "file" or (is_box and "checked" not in facts):
            return
        self.sent.setdefault(facts["name"], []).append(facts.get("value", "on" if is_box else ""))


def read_form(page: str, form_class: str) -> dict[str, list[str]]:
    """Every field of the form of that class but files, by its name."""
    form = _Form(form_class)
    form.feed(page)
    assert form.sent, f"no form of class {form_class}"
    form.sent.pop("csrfmiddlewaretoken", None)
    return form.sent
