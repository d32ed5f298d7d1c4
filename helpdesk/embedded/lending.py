"""Filling in an environment: the addresses of the built-in servers, and secrets made once for a data directory."""

import base64
import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path

from helpdesk.embedded.failing import from_os_error
from helpdesk.embedded.joining import ServerName, join
from helpdesk.embedded.places import Places


def lend(environ: MutableMapping[str, str], data_dir: Path) -> bool:
    """Put into `environ` what of DATABASE_URL and REDIS_URL is not set, and start or join the servers for it.

    With both set nothing happens, and the answer is False. Otherwise DATA_DIR becomes absolute, and SECRET_KEY and
    ENCRYPTION_KEYS are filled in from DATA_DIR/secrets.env, so that all commands of one data directory agree.
    Raises ServersFailed.
    """
    needs_database, needs_redis = not _is_set(environ, "DATABASE_URL"), not _is_set(environ, "REDIS_URL")
    if not needs_database and not needs_redis:
        return False
    only: ServerName | None = None
    if not needs_database or not needs_redis:
        only = "redis" if needs_redis else "postgres"
    servers = join(data_dir, only=only)
    if needs_database:
        _forget_client_settings(environ)
        environ["DATABASE_URL"], environ["DATABASE_OWNER_URL"] = servers.database_url, servers.owner_url
    if needs_redis:
        environ["REDIS_URL"] = servers.redis_url
    environ["DATA_DIR"] = str(data_dir.resolve())
    for name, value in read_secrets(data_dir).items():
        if not _is_set(environ, name):
            environ[name] = value
    return True


def read_secrets(data_dir: Path) -> dict[str, str]:
    """The secrets of a data directory, made at the first call. Raises ServersFailed when the disk refuses."""
    path = Places.of(data_dir).data / "secrets.env"
    try:
        if not path.exists():
            _make_secrets(path)
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError as error:
        raise from_os_error(error, path) from error
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _make_secrets(path: Path) -> None:
    """Written under another name, then linked: of two first commands the earlier wins, and nobody reads half a file."""
    fernet_key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"SECRET_KEY={secrets.token_urlsafe(50)}\nENCRYPTION_KEYS={fernet_key}\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _is_set(environ: MutableMapping[str, str], name: str) -> bool:
    return bool(environ.get(name) or environ.get(f"{name}_FILE"))


def _forget_client_settings(environ: MutableMapping[str, str]) -> None:
    """PGPORT, PGHOSTADDR, PGSERVICE … of the person's shell are about another server."""
    for name in [name for name in environ if name.startswith("PG") and name != "PG_BIN"]:
        del environ[name]
