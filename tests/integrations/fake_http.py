"""An HttpClient that answers from a script and remembers what it was asked."""

import json as json_text
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.http import HttpClient, HttpError, Response


@dataclass(frozen=True)
class Call:
    url: str
    json: Any
    headers: dict[str, str]


class FakeHttp(HttpClient):
    """Gives its answers in order; an exception among them is raised. Asking more often than scripted fails the test."""

    def __init__(self, *answers: Response | HttpError) -> None:
        self.answers = list(answers)
        self.calls: list[Call] = []

    def post_json(self, url: str, *, json: object, headers: Mapping[str, str] | None = None) -> Response:
        self.calls.append(Call(url, json, dict(headers or {})))
        assert self.answers, f"no answer left for {url}"
        answer = self.answers.pop(0)
        if isinstance(answer, HttpError):
            raise answer
        return answer


def answered(payload: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer, or one of raw bytes when the payload is bytes."""
    body = payload if isinstance(payload, bytes) else json_text.dumps(payload).encode()
    return Response(status, dict(headers or {}), body)
