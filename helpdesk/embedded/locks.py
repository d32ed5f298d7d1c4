"""Locks on files that the kernel releases when their holder ends, however it ends."""

import fcntl
import os
from pathlib import Path

# flock belongs to the open file, not to the process: a descriptor handed to a child keeps the lock with the child.


def open_lock(path: Path) -> int:
    """Open a lock file, made when absent, without taking the lock. The descriptor is not inherited."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def take_alone(path: Path) -> int | None:
    """The descriptor of the lock, held alone, or None when somebody else has it. Never waits."""
    return _take(path, fcntl.LOCK_EX)


def take_waiting(descriptor: int) -> None:
    """Take the lock of an open file alone, however long that takes."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def share_waiting(path: Path) -> int:
    """The descriptor of the lock, held together with others, once nobody holds it alone."""
    descriptor = open_lock(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def take_again(descriptor: int) -> bool:
    """Take the lock of an open file alone; False when others have it. Never waits."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def release(descriptor: int) -> None:
    """Release the lock and keep the file open."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock alone."""
    descriptor = _take(path, fcntl.LOCK_SH)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def _take(path: Path, mode: int) -> int | None:
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def write(descriptor: int, text: str) -> None:
    """Replace the content of a lock file. The same text again is never seen half written."""
    os.pwrite(descriptor, text.encode(), 0)
    os.ftruncate(descriptor, len(text.encode()))


def is_file_of(descriptor: int, path: Path) -> bool:
    """Whether `path` still names the file that `descriptor` has open: it does not after `rm -r`."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
