"""Lets `requests`, which django-anymail speaks with, call only by our guarded client."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter

from core.http import HttpClient, HttpError

_SECONDS = 60.0  # 25 MB of files may take as long
# What our client writes itself.
_OWN = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent"})


def guarded_session(url: str, *, public_only: bool) -> requests.Session:
    """A session without proxies, passwords of the machine, redirects, or a way to private addresses.

    Unless `public_only`, the host of `url` may be called wherever it is.
    """
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 0
    adapter = _Guarded(_client() if public_only else _lenient_client(_place(url)))
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


class _Guarded(BaseAdapter):
    def __init__(self, http: HttpClient) -> None:
        super().__init__()
        self._http = http

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        headers = {name: _text(value) for name, value in request.headers.items() if name.lower() not in _OWN}
        body = request.body or b""
        try:
            answer = self._http.call(
                request.method or "POST",
                request.url or "",
                headers=headers,
                body=body.encode() if isinstance(body, str) else bytes(body),
            )
        except HttpError as error:
            raise requests.ConnectionError(str(error), request=request) from error
        response = requests.Response()
        response.status_code, response.request, response.url = answer.status, request, request.url or ""
        response.headers = requests.structures.CaseInsensitiveDict(answer.headers)
        response.raw = io.BytesIO(answer.body)
        return response

    def close(self) -> None:
        """The client is shared, and stays open."""


@cache
def _client() -> HttpClient:
    return HttpClient(total_seconds=_SECONDS)


@cache
def _lenient_client(place: str) -> HttpClient:
    return HttpClient(allowed_hosts=[place], total_seconds=_SECONDS)


def _place(url: str) -> str:
    parts = urlsplit(url)
    usual: Mapping[str, int] = {"http": 80, "https": 443}
    return f"{parts.hostname}:{parts.port or usual.get(parts.scheme, 0)}"


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
