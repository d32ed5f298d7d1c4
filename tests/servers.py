"""Prepares the environment of the tests before Django reads its settings (loaded by `-p tests.servers`)."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Each worker of a parallel run has servers of its own: announcements on Redis know no databases.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
SERVERS_IN = Path(__file__).resolve().parent.parent / ".data" / f"test-{WORKER}"
# The URLs in the environment are those of servers of our own; a parallel run's workers inherit them and need others.
JOINED = "HELPDESK_TESTS_JOINED"


def prepare_environment() -> None:
    """Join PostgreSQL and Redis of the tests' own, unless URLs are given; files go to a folder that is removed."""
    are_given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL") and JOINED not in os.environ
    if not are_given:
        from helpdesk import embedded

        servers = embedded.join(SERVERS_IN, ephemeral=True)
        os.environ["DATABASE_URL"] = servers.database_url
        os.environ["DATABASE_OWNER_URL"] = servers.owner_url
        os.environ["REDIS_URL"] = servers.redis_url
        os.environ[JOINED] = WORKER
    folder = tempfile.mkdtemp(prefix="helpdesk-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["DATA_DIR"] = folder
    os.environ["SECRET_KEY"] = "only-for-tests-" * 5
    os.environ["ENCRYPTION_KEYS"] = "dGVzdHMtdGVzdHMtdGVzdHMtdGVzdHMtdGVzdHMtdGU="
    os.environ["ALLOWED_HOSTS"] = "testserver,127.0.0.1,localhost"
    os.environ.setdefault("LOG_LEVEL", "CRITICAL")
    os.environ["DJANGO_SETTINGS_MODULE"] = "helpdesk.settings"


prepare_environment()
