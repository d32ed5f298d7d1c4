"""`python -m demo.mailbox`: mail on PORT + 2 of this machine, kept in DATA_DIR/mailbox."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from demo.mailbox.answering import split_command
from demo.mailbox.serving import HOST, listen
from demo.mailbox.storage import Storage


async def run(port: int, directory: Path, command: tuple[str, ...]) -> None:
    """Serve until a signal says to stop."""
    server = await listen(port, Storage(directory), command)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    print(f"mailbox: http://{HOST}:{port}/", flush=True)
    await stopped.wait()
    server.close()


def main() -> None:
    """Read PORT, DATA_DIR and MAILBOX_DELIVER (the command that takes a mail; forms are hidden without it)."""
    try:
        port = int(os.environ.get("PORT", "8000")) + 2
        directory = Path(os.environ.get("DATA_DIR", ".data")) / "mailbox"
        asyncio.run(run(port, directory, split_command(os.environ.get("MAILBOX_DELIVER", ""))))
    except (OSError, ValueError) as error:
        sys.exit(f"The demo mailbox cannot start: {error}")


if __name__ == "__main__":
    main()
