"""The one error of the built-in servers, and the words for what a disk may refuse."""

import errno
import shutil
from pathlib import Path

FULL = "The disk with {path} is full: free some space, or set DATA_DIR to a directory on another disk."
READ_ONLY = "{path} is on a read-only disk: set DATA_DIR to a directory that can be written."
FORBIDDEN = "{path} may not be written by this user: change its owner, or set DATA_DIR to a directory of your own."
NOT_A_DIRECTORY = "{path} is not a directory: set DATA_DIR to one."
SENTENCES = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: FORBIDDEN,
    errno.EPERM: FORBIDDEN,
    errno.ENOTDIR: NOT_A_DIRECTORY,
    errno.EEXIST: NOT_A_DIRECTORY,
}
# A new cluster needs 40 MB; with less than this left, whatever a server says comes from the full disk.
ALMOST_FULL = 4 * 1024 * 1024  # bytes


class ServersFailed(Exception):
    """The servers cannot be had; the text is one line for the person at the keyboard and says what to do."""


def from_os_error(error: OSError, path: Path) -> ServersFailed:
    """Put a refusal of the file system into words, about the directory the person chose."""
    sentence = SENTENCES.get(error.errno or 0, "{path}: " + (error.strerror or str(error)) + ".")
    return ServersFailed(sentence.format(path=path))


def from_log(server: str, log: Path, start: int, data_dir: Path) -> ServersFailed:
    """Say why a server ended: the last weighty line it wrote to its log after byte `start`."""
    lines = log.read_bytes()[start:].decode(errors="replace").strip().splitlines()
    if shutil.disk_usage(data_dir).free < ALMOST_FULL or any("No space left on device" in line for line in lines):
        return ServersFailed(FULL.format(path=data_dir))
    weighty = [line for line in lines if any(word in line for word in ("PANIC", "FATAL", "error:", "Permission"))]
    last = (weighty or lines or ["it wrote no reason"])[-1]
    return ServersFailed(f"{server} did not start: {last.strip()} (whole log: {log})")
