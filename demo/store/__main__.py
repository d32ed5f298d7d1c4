"""`python -m demo.store`: serve the pretend store on PORT + 1 and keep it in DATA_DIR."""

import argparse
import os
import sys
from pathlib import Path

from demo.store.serving import PortTaken, serve

DEFAULT_PORT = 8000  # Of the web; the store stands one above.


def main() -> int:
    """Read the command line, serve, and answer an exit status with one clear line for what stands in the way."""
    parser = argparse.ArgumentParser(prog="python -m demo.store", description="A pretend Shopify on this machine.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", DEFAULT_PORT)) + 1)
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("DATA_DIR", ".data")))
    parser.add_argument("--no-data", action="store_true", help="keep nothing")
    parser.add_argument("--hooks-url", help="subscribe every fresh shop to the default topics at this address")
    parser.add_argument("--until-input-ends", action="store_true", help="stop when standard input is closed")
    asked = parser.parse_args()
    try:
        serve(
            port=asked.port,
            data_dir=None if asked.no_data else asked.data_dir,
            hooks_url=asked.hooks_url,
            until_input_ends=asked.until_input_ends,
        )
    except (PortTaken, ValueError, OSError) as error:
        print(f"demo store: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
