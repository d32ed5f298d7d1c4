"""Mails as files: `<id>.eml` exactly as received, and beside it `<id>.json` with the envelope."""

import json
import secrets
from datetime import UTC, datetime
from pathlib import Path

from demo.mailbox.letters import Envelope, Letter, read_letter


class Storage:
    """One directory of mails; ids sort by the time of arrival, so a restart finds everything in order."""

    def __init__(self, directory: Path) -> None:
        """Make the directory if needed and find what an earlier run left there."""
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self._ids = sorted(path.stem for path in directory.glob("*.eml"))
        self._letters: dict[str, Letter] = {}

    def add(self, sender: str, recipients: list[str], raw: bytes) -> str:
        """Keep a mail; it is on disk, whole, when its id is answered."""
        now = datetime.now(UTC)
        letter_id = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
        envelope = {"sender": sender, "recipients": recipients, "received_at": now.isoformat()}
        self._write(f"{letter_id}.json", json.dumps(envelope).encode())
        self._write(f"{letter_id}.eml", raw)
        self._ids.append(letter_id)
        return letter_id

    def raw(self, letter_id: str) -> bytes | None:
        """The mail as received; None when there is no such mail."""
        # Only ids we know: whatever stands in a URL never becomes a path.
        return (self._directory / f"{letter_id}.eml").read_bytes() if letter_id in self._ids else None

    def letter(self, letter_id: str) -> Letter | None:
        """The mail taken apart; None when there is no such mail."""
        if letter_id not in self._letters and (raw := self.raw(letter_id)) is not None:
            self._letters[letter_id] = read_letter(letter_id, self._envelope(letter_id), raw)
        return self._letters.get(letter_id)

    def newest(self, address: str = "", limit: int | None = None) -> list[Letter]:
        """Mails newest first, those to or from an address when one is given."""
        found: list[Letter] = []
        for letter_id in reversed(self._ids.copy()):
            letter = self.letter(letter_id)
            if letter and (not address or letter.is_about(address)):
                found.append(letter)
            if limit is not None and len(found) == limit:
                break
        return found

    def _envelope(self, letter_id: str) -> Envelope:
        try:
            saved = json.loads((self._directory / f"{letter_id}.json").read_bytes())
            received_at = datetime.fromisoformat(saved["received_at"])
            return Envelope(saved["sender"], tuple(saved["recipients"]), received_at)
        except (OSError, ValueError, KeyError):
            # Somebody put a mail here by hand: show it all the same.
            changed = (self._directory / f"{letter_id}.eml").stat().st_mtime
            return Envelope("", (), datetime.fromtimestamp(changed, UTC))

    def _write(self, name: str, content: bytes) -> None:
        unfinished = self._directory / f"{name}.part"
        unfinished.write_bytes(content)
        unfinished.replace(self._directory / name)
