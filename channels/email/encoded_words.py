"""Decodes words of RFC 2047 as they really come: broken base64, letters split between words, wrong charsets."""

from dataclasses import dataclass

from channels.email.charsets import decode
from channels.email.transfer import decode_base64

_LONGEST_VALUE = 60_000


@dataclass(slots=True)
class _Word:
    charset: str
    encoding: str
    payload: str


def decode_words(value: str) -> str:
    """Return `value` with its encoded words decoded; what is not an encoded word stays."""
    if "=?" not in value:
        return value
    pieces: list[str] = []
    run: list[_Word] = []
    for piece in _split(value[:_LONGEST_VALUE]):
        if isinstance(piece, _Word):
            run.append(piece)
        elif not run or piece.strip(" \t\r\n"):
            pieces.append(_decode_run(run))
            run = []
            pieces.append(piece)
        else:
            # White space between two encoded words is not shown; behind the last one it is.
            run.append(_Word("", "", piece))
    pieces.append(_decode_run(run))
    return "".join(pieces)


def _split(value: str) -> list[_Word | str]:
    pieces: list[_Word | str] = []
    position = 0
    start = value.find("=?")
    end = -1
    while start >= 0:
        charset_end = value.find("?", start + 2)
        if charset_end < 0:
            break
        encoding = value[charset_end + 1 : charset_end + 2].lower()
        payload_start = charset_end + 3
        if encoding not in ("b", "q") or value[charset_end + 2 : payload_start] != "?" or charset_end - start > 60:
            start = value.find("=?", start + 2)
            continue
        if end < payload_start:
            end = value.find("?=", payload_start)
        if end < 0:
            break
        if start > position:
            pieces.append(value[position:start])
        pieces.append(_Word(value[start + 2 : charset_end].partition("*")[0], encoding, value[payload_start:end]))
        position = end + 2
        start = value.find("=?", position)
    pieces.append(value[position:])
    return pieces


def _decode_run(run: list[_Word]) -> str:
    """Decode adjacent words; neighbors of one charset are joined as bytes, since senders split letters between them."""
    trailing = ""
    while run and not run[-1].encoding:
        trailing = run.pop().payload + trailing
    text: list[str] = []
    held = b""
    charset = ""
    words = [word for word in run if word.encoding]
    for number, word in enumerate(words):
        if number and word.charset.lower() != charset:
            text.append(decode(held, charset))
            held = b""
        charset = word.charset.lower()
        if word.encoding == "b" and number + 1 < len(words) and _continues(word, words[number + 1]):
            words[number + 1] = _Word(word.charset, "b", word.payload.strip() + words[number + 1].payload)
            continue
        held += _bytes_of(word)
    text.append(decode(held, charset))
    return "".join(text) + trailing


def _continues(word: _Word, following: _Word) -> bool:
    """Tell whether base64 was cut between two words without regard to its groups of four."""
    payload = word.payload.strip()
    return (
        len(payload) % 4 != 0
        and not payload.endswith("=")
        and following.encoding == "b"
        and following.charset.lower() == word.charset.lower()
    )


def _bytes_of(word: _Word) -> bytes:
    raw = word.payload.encode("utf-8", "surrogateescape")
    if word.encoding == "b":
        return decode_base64(raw)
    raw = raw.replace(b"_", b" ")
    out = bytearray()
    head, *rest = raw.split(b"=")
    out += head
    for chunk in rest:
        try:
            out += bytes.fromhex(chunk[:2].decode("ascii")) + chunk[2:] if len(chunk) >= 2 else b"=" + chunk
        except (ValueError, UnicodeDecodeError):
            out += b"=" + chunk
    return bytes(out)
