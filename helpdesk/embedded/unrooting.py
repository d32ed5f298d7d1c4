"""Running PostgreSQL's programs when we are root, whom they refuse."""

import os
import shutil
import subprocess
from pathlib import Path

from helpdesk.embedded import processes
from helpdesk.embedded.failing import ServersFailed
from helpdesk.embedded.places import Places

NOBODY = 65534
UNREACHABLE = (
    "PostgreSQL does not run as root, and user {uid} may not enter {path}: run as another user, or set DATA_DIR "
    "(for the programs PG_BIN) to a directory that others may enter, such as one in /var/tmp."
)


def choose_identity(cluster: Path) -> processes.Identity:
    """Ourselves when we are not root; else the cluster's owner; for root's own, a namespace or nobody."""
    if os.geteuid() != 0:
        return processes.Identity()
    owner = cluster.stat().st_uid if cluster.exists() else 0
    if owner != 0:
        return processes.Identity(uid=owner)
    if processes.can_enter_namespace():
        return processes.Identity(in_namespace=True)
    if cluster.exists():
        for path in (cluster, *cluster.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    return processes.Identity(uid=NOBODY)


def reachable(binaries: Path, identity: processes.Identity, places: Places) -> Path:
    """The same binaries, or a copy in the data directory when another user may not run them where they are."""
    if identity.uid is None:
        return binaries
    if not _may_enter(places.data, identity.uid):
        raise ServersFailed(UNREACHABLE.format(uid=identity.uid, path=places.data))
    if _runs(binaries, identity.uid):
        return binaries
    copied = _copy_package(binaries, places)
    if not _runs(copied, identity.uid):
        raise ServersFailed(UNREACHABLE.format(uid=identity.uid, path=binaries))
    return copied


def _copy_package(binaries: Path, places: Places) -> Path:
    """Copy the package the binaries are in, with the libraries it keeps in a directory beside it (40 MB), once."""
    package = binaries.parents[1]
    copy = places.data / "postgres-programs"
    if not copy.exists():
        draft = copy.with_suffix(".tmp")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        draft.chmod(0o755)
        for source in package.parent.glob(f"{package.name}*"):
            if source.name in (package.name, f"{package.name}.libs"):
                shutil.copytree(source, draft / source.name, symlinks=True)
        draft.rename(copy)
    return copy / binaries.relative_to(package.parent)


def _runs(binaries: Path, uid: int) -> bool:
    try:
        subprocess.run([binaries / "postgres", "--version"], capture_output=True, user=uid, group=uid, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _may_enter(directory: Path, uid: int) -> bool:
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
        os._exit(0 if os.access(directory, os.X_OK) else 1)
    return os.waitpid(child, 0)[1] == 0
