"""`python -m helpdesk.embedded DATA_DIR --lock N`: become the keeper, and return once it is ready or has failed."""

import argparse
import os
import sys
from pathlib import Path

from helpdesk.embedded import keeper
from helpdesk.embedded.joining import NO_WORD
from helpdesk.embedded.places import Places


def main() -> None:
    """Fork the keeper away and wait for its one word; it goes on without a terminal and without a parent."""
    options = parse()
    places = Places.of(options.data_dir)
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(read)
        become_keeper(places, options, write)
        return
    os.close(write)
    os.close(options.lock)
    with os.fdopen(read) as pipe:
        word = pipe.read().strip()
    if word != "ready":
        sys.exit(word or NO_WORD)


def parse() -> argparse.Namespace:
    """The command line is for `join` only."""
    parser = argparse.ArgumentParser(prog="python -m helpdesk.embedded")
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--lock", type=int, required=True, help="open descriptor of the keeper's lock, held")
    parser.add_argument("--ephemeral", action="store_true")
    parser.add_argument("--only", choices=("postgres", "redis"))
    return parser.parse_args()


def become_keeper(places: Places, options: argparse.Namespace, pipe: int) -> None:
    """Leave the terminal's session, turn output to the log, and keep."""
    os.setsid()
    os.umask(0o077)
    os.set_inheritable(options.lock, False)
    log = os.open(places.log("keeper"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDWR)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)

    def report(problem: str) -> None:
        with os.fdopen(pipe, "w") as stream:
            stream.write(problem or "ready")

    keeper.run(places, options.lock, report, ephemeral=options.ephemeral, only=options.only)


main()
