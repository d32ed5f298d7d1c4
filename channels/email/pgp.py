"""Letters signed in place (OpenPGP, RFC 9580, 7): the text without what surrounds it."""

import re

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"
_HEADERS = re.compile(r"(?:[A-Za-z]{1,20}:[^\n]{0,200}\n){0,10}\n?")


def without_armor(text: str) -> str:
    """Return `text` without the marks and the signature around what was signed; other text stays as it is."""
    start = text.find(_SIGNED)
    if start < 0 or (start and text[start - 1] != "\n"):
        return text
    behind = text.find("\n", start) + 1
    signature = text.find("\n" + _SIGNATURE, behind - 1)
    if not behind or signature < 0:
        return text
    match = _HEADERS.match(text, behind)
    end = text.find(_END, signature)
    rest = text[end + len(_END) :] if end >= 0 else ""
    body = text[match.end() if match else behind : signature + 1]
    # A dash at the start of a line was written as "- -".
    return text[:start] + re.sub(r"^- ", "", body, flags=re.M) + rest.lstrip("\n")
