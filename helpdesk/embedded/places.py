"""Where the built-in servers of one data directory keep their files."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from helpdesk.embedded.failing import ServersFailed, from_os_error


@dataclass(frozen=True)
class Places:
    """The files of one data directory, and its directory of sockets under /tmp."""

    data: Path

    @classmethod
    def of(cls, data_dir: Path) -> "Places":
        """Make the data directory if it is not there. Raises ServersFailed when the disk refuses."""
        data = data_dir.resolve()
        try:
            (data / "log").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise from_os_error(error, data) from error
        return cls(data)

    @property
    def users_lock(self) -> Path:
        """Shared by every process that uses the servers; whoever gets it alone knows that nobody does."""
        return self.data / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper from birth to death; its content is the keeper's process id."""
        return self.data / "keeper.lock"

    @property
    def ready_lock(self) -> Path:
        """Held by the keeper while both servers answer; its content says where they are."""
        return self.data / "ready.lock"

    @property
    def cluster(self) -> Path:
        return self.data / "pg"

    @property
    def sockets(self) -> Path:
        """Short whatever the data directory: a socket's path may have 103 bytes on macOS and 107 on Linux."""
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:8]
        return Path("/tmp") / f"helpdesk-{os.getuid()}-{digest}"  # noqa: S108  checked when it is made

    def log(self, name: str) -> Path:
        return self.data / "log" / f"{name}.log"


def make_sockets_directory(places: Places, owner: int) -> None:
    """Make it with mode 0700 for user id `owner`, or check the one that is there.

    Everybody may write to /tmp, so a directory of somebody else, or a link, is refused: ServersFailed.
    """
    directory = places.sockets
    try:
        directory.mkdir(mode=0o700)
        os.chown(directory, owner, -1)
    except FileExistsError:
        found = directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise ServersFailed(f"{directory} is not a private directory of this user: remove it.") from None
    except OSError as error:
        raise from_os_error(error, directory) from error
