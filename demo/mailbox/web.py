"""The pages of the mailbox and the JSON the tests read."""

import asyncio
import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from demo.mailbox import rendering
from demo.mailbox.answering import Draft, NotWritten, Outcome, deliver, write_answer, write_new
from demo.mailbox.http import Request, Response, see_other
from demo.mailbox.letters import Letter
from demo.mailbox.storage import Storage

MOST_SHOWN = 200
ASSETS = {"mailbox.css": "text/css; charset=utf-8", "mailbox.js": "text/javascript; charset=utf-8"}
# A letter may bring its own colors, but nothing from outside and no scripts.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
FIRST_MAIL = {
    "name": "Mira Vale",
    "sender": "mira@vale.example",
    "to": "support@acme.example",
    "subject": "",
    "text": "",
}


class Web:
    """Answers requests; `command` delivers mails to the helpdesk, and without one nothing can be written."""

    def __init__(self, storage: Storage, command: Sequence[str]) -> None:
        self._storage = storage
        self._command = command
        self._outcomes: list[Outcome] = []

    async def __call__(self, request: Request) -> Response:
        """Answer one request. Only names of this machine are served, so no stranger's page can read along."""
        host = request.headers.get("host", "")
        if urlsplit(f"//{host}").hostname not in {"127.0.0.1", "localhost"}:
            return Response(b"Unknown host", "text/plain", 421)
        if request.method == "POST":
            origin = request.headers.get("origin", f"http://{host}")
            return await self._post(request) if origin == f"http://{host}" else Response(b"", status=403)
        if request.method not in {"GET", "HEAD"}:
            return Response(b"", status=405)
        return self._get(request)

    def _get(self, request: Request) -> Response:
        match request.path.strip("/").split("/"):
            case [""]:
                return self._list(request.query.get("address", "").strip())
            case ["messages.json"]:
                letters = self._storage.newest(request.query.get("address", "").strip())
                return Response(json.dumps([letter.as_json() for letter in letters]).encode(), "application/json")
            case ["messages", name]:
                return self._message(name)
            case [name] if name in ASSETS:
                return Response((rendering.PAGES / name).read_bytes(), ASSETS[name])
        return self._get_writing(request)

    def _get_writing(self, request: Request) -> Response:
        match request.path.strip("/").split("/"):
            case ["write"] if self._command:
                return self._page("Write a mail", rendering.write_page(FIRST_MAIL))
            case ["outcomes", number] if number.isdecimal() and int(number) < len(self._outcomes):
                return self._page("Delivered", rendering.outcome_page(self._outcomes[int(number)]))
        return self._missing()

    async def _post(self, request: Request) -> Response:
        match request.path.strip("/").split("/"):
            case ["write"] if self._command:
                return await self._write(request.form)
            case ["messages", letter_id, "answer"] if self._command and (letter := self._storage.letter(letter_id)):
                return await self._answer(letter, request.form.get("text", ""))
        return self._missing()

    def _list(self, address: str) -> Response:
        letters = self._storage.newest(address)
        return self._page("Demo mailbox", rendering.listing(letters[:MOST_SHOWN], address, len(letters)))

    def _message(self, name: str) -> Response:
        letter_id, _, form = name.partition(".")
        letter = self._storage.letter(letter_id)
        if letter is None:
            return self._missing()
        if form == "eml":
            headers = {"Content-Disposition": f'attachment; filename="{letter_id}.eml"'}
            return Response(self._storage.raw(letter_id) or b"", "message/rfc822", headers=headers)
        if form == "html":
            return Response(letter.html.encode("utf-8", "replace"), headers={"Content-Security-Policy": LETTER_POLICY})
        return self._page(letter.subject, rendering.letter_page(letter, can_write=bool(self._command)))

    async def _write(self, form: dict[str, str]) -> Response:
        fields = {key: form.get(key, "") for key in FIRST_MAIL}
        try:
            draft = write_new(**fields)
        except NotWritten as error:
            return self._page("Write a mail", rendering.write_page(fields, str(error)), status=422)
        return await self._deliver(draft)

    async def _answer(self, letter: Letter, text: str) -> Response:
        try:
            draft = write_answer(letter, text)
        except NotWritten as error:
            content = rendering.letter_page(letter, can_write=True, draft=text, problem=str(error))
            return self._page(letter.subject, content, status=422)
        return await self._deliver(draft)

    async def _deliver(self, draft: Draft) -> Response:
        self._outcomes.append(await asyncio.to_thread(deliver, self._command, draft))
        return see_other(f"/outcomes/{len(self._outcomes) - 1}")

    def _page(self, title: str, content: rendering.Markup, status: int = 200) -> Response:
        return Response(rendering.page(title, content, can_write=bool(self._command)), status=status)

    def _missing(self) -> Response:
        return self._page("Not here", rendering.fill("missing"), status=404)
