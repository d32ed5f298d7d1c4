"""How map services are reached: geopy's requests over our own client, which bounds time and size and guards "
"addresses."""

from dataclasses import dataclass, field
from typing import Any, Final

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderTimedOut, GeocoderUnavailable

from core.http import HttpClient, HttpError, TimedOut, read_json

SECONDS: Final = 4.0  # somebody waits for the page


@dataclass(frozen=True)
class Access:
    """`domain` is host and port of an own server, "" for the vendor's. `scheme` http is for servers of one's own.
    `contact` is told to the server's people.

    `allowed_hosts` holds "host:port" pairs that may be called on a private address, as in core.http.
    """

    key: str = field(default="", repr=False)
    domain: str = ""
    contact: str = ""
    scheme: str = "https"
    seconds: float = SECONDS
    allowed_hosts: tuple[str, ...] = ()


class ClientAdapter(BaseSyncAdapter):
    """geopy's transport: one request, no redirects, no proxies, no cookies."""

    def __init__(self, access: Access) -> None:
        super().__init__(proxies=None, ssl_context=None)
        self._client = HttpClient(
            allowed_hosts=access.allowed_hosts,
            connect_seconds=min(access.seconds, 3.0),
            total_seconds=access.seconds,
            max_bytes=500_000,
        )

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """Parsed JSON; raises geopy's errors, so that geopy's own handling of each vendor stays in force."""
        try:
            return read_json(self.get_text(url, timeout=timeout, headers=headers).encode())
        except ValueError as error:
            raise GeocoderParseError("the answer is not JSON") from error

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        """Text of an answer with a good status; `timeout` is not heeded, the client has the limit of the whole call."""
        try:
            response = self._client.get(url, headers=headers, redirects=0)
        except TimedOut as error:
            raise GeocoderTimedOut("no answer in time") from error
        except HttpError as error:
            raise GeocoderUnavailable("no answer") from error
        text = response.body.decode("utf-8", "replace")
        if response.status >= 300:
            raise AdapterHTTPError(
                f"status {response.status}", status_code=response.status, headers=response.headers, text=""
            )
        return text
