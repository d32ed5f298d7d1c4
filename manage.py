#!/usr/bin/env python
"""Django's command line. Where no database or Redis is given, it lends the built-in ones to the command."""

import os
import sys
from pathlib import Path

from helpdesk import embedded, running

WITHOUT_SERVERS = frozenset({"help", "version", "check", "--version"})


def main() -> None:
    """Run one command. `run` is ours: it starts everything, and needs no Django itself."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    asks_for_help = "--help" in sys.argv or "-h" in sys.argv
    if command == "run" and not asks_for_help:
        sys.exit(running.main(sys.argv[2:]))
    if command not in WITHOUT_SERVERS and not asks_for_help:
        try:
            embedded.lend(os.environ, Path(os.environ.get("DATA_DIR") or ".data"))
        except embedded.ServersFailed as error:
            sys.exit(str(error))

    # Not before: settings read the environment when they are imported.
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
