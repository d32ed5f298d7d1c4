"""Every environment variable once: name, type, default and one line of meaning."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
PASSWORD = re.compile(r"://[^/@]*@")  # of a URL, which no message may repeat
FALSE_WORDS = frozenset({"", "0", "false", "no", "off"})


def _flag(text: str) -> bool:
    word = text.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ValueError("put 1 or 0")


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _port(text: str) -> int:
    number = int(text) if text.strip().isdigit() else 0
    if not 1 <= number <= 65535:
        raise ValueError("put a number from 1 to 65535")
    return number


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text and urlsplit(text).scheme not in schemes:
            raise ValueError(f"put a URL that begins with {' or '.join(scheme + '://' for scheme in schemes)}")
        return text.rstrip("/")

    return parse


def _database_url(text: str) -> str:
    try:
        checked = _url("postgresql", "postgres")(text)
        conninfo_to_dict(checked)
    except ProgrammingError as error:
        raise ValueError(f"PostgreSQL cannot read it ({str(error).splitlines()[0]})") from error
    return checked


def _whole_number(text: str) -> int:
    if not text.strip().isdigit():
        raise ValueError("put a number")
    return int(text)


def _variable(parse: Callable[[str], Any], default: str, meaning: str, *, needed: bool = False) -> Any:
    return field(metadata={"parse": parse, "default": default, "meaning": meaning, "needed": needed})


@dataclass(frozen=True)
class Env:
    """The environment, read once. A variable NAME may also come from the file that NAME_FILE names."""

    debug: bool = _variable(_flag, "0", "1 shows error pages with source. Never in production.")
    secret_key: str = _variable(str, "", "Signs sessions and tokens: 50 random characters or more.", needed=True)
    encryption_keys: tuple[str, ...] = _variable(
        _words, "", "Fernet keys for stored secrets, newest first, separated by commas.", needed=True
    )
    database_url: str = _variable(_database_url, "", "PostgreSQL as the app role (owns nothing).", needed=True)
    database_owner_url: str = _variable(_database_url, "", "PostgreSQL as the owner role: only migrations use it.")
    redis_url: str = _variable(_url("redis", "rediss", "unix"), "", "Redis: broker, live channel, cache.", needed=True)
    data_dir: Path = _variable(Path, ".data", "Where files, logs and the built-in servers keep their data.")
    port: int = _variable(
        _port, "8000", "Web port of `make demo`; the store takes the next, the mailbox the one after."
    )
    base_url: str = _variable(
        _url("http", "https"), "http://127.0.0.1:8000", "The address people and stores reach us at."
    )
    allowed_hosts: tuple[str, ...] = _variable(_words, "127.0.0.1,localhost", "Host names we answer to.")
    trusted_proxies: int = _variable(_whole_number, "0", "How many proxies of ours stand before the web process.")
    email_host: str = _variable(str, "127.0.0.1", "SMTP server for outgoing e-mail.")
    email_port: int = _variable(_port, "25", "Its port.")
    email_user: str = _variable(str, "", "Its user, if it wants one.")
    email_password: str = _variable(str, "", "Its password.")
    email_tls: str = _variable(str, "none", "none, starttls or tls.")
    s3_bucket: str = _variable(str, "", "Keep files in this bucket of an S3-compatible store, not below DATA_DIR.")
    s3_endpoint: str = _variable(_url("http", "https"), "", "Its address, where it is not Amazon's own.")
    s3_region: str = _variable(str, "", "Its region.")
    s3_key: str = _variable(str, "", "Its access key; without one, the role of the machine is used.")
    s3_secret: str = _variable(str, "", "The secret of that key.")
    mail_allow_private: bool = _variable(
        _flag, "0", "1 lets workspaces name mail servers on private addresses: only where all of them are yours."
    )
    mail_webhook_secret: str = _variable(
        str, "", "user:password that mail providers send with inbound webhooks; without it they are refused."
    )
    picture_hosts: tuple[str, ...] = _variable(
        _words, "", "host:port pairs on private addresses from which letters may show pictures, by commas."
    )
    shopify_base_url: str = _variable(
        _url("http", "https"), "", "Development only: where stores are reached, with {shop} in it."
    )
    shopify_allow_base_url: bool = _variable(_flag, "0", "1 allows SHOPIFY_BASE_URL. Never in production.")
    test_database: str = _variable(str, "main", "Tests only: end of the test database's name, to run two at a time.")
    log_level: str = _variable(str, "INFO", "DEBUG, INFO, WARNING or ERROR.")
    log_format: str = _variable(str, "json", "json, or console for people.")
    problems: tuple[str, ...] = ()


def variables() -> list[tuple[str, str, str, bool]]:
    """(NAME, default, meaning, needed) of each variable, in the order of the class."""
    return [
        (item.name.upper(), item.metadata["default"], item.metadata["meaning"], item.metadata["needed"])
        for item in fields(Env)
        if item.metadata
    ]


def example() -> str:
    """The text of .env.example: each variable with its meaning, commented out where a default does."""
    lines = [
        "# The environment of the product. `make demo` needs none of it. Written from helpdesk/env.py;",
        "# a variable NAME may also come from the file that NAME_FILE names.",
    ]
    for name, default, meaning, needed in variables():
        lines += ["", f"# {meaning}", f"{name}=" if needed else f"# {name}={default}"]
    return "\n".join(lines) + "\n"


def read(environ: Mapping[str, str]) -> Env:
    """Parse all variables. Nothing is raised: each fault is a sentence in `problems`, for the system checks."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for item in fields(Env):
        if item.metadata:
            values[item.name] = _read_one(item.name.upper(), item.metadata, environ, problems)
    return Env(**values, problems=tuple(problems))


def _read_one(name: str, metadata: Mapping[str, Any], environ: Mapping[str, str], problems: list[str]) -> Any:
    text = environ.get(name, "")
    if path := environ.get(f"{name}_FILE"):
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            problems.append(f"{name}_FILE: {path} cannot be read ({error.strerror}).")
    if metadata["needed"] and not text:
        problems.append(f"{name} is not set. {metadata['meaning']}")
    try:
        return metadata["parse"](text or metadata["default"])
    except ValueError as error:
        problems.append(f"{name} is {PASSWORD.sub('://***@', text)!r}: {error}. {metadata['meaning']}")
        return metadata["parse"](metadata["default"])


env = read(os.environ)
