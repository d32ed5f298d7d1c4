"""Run all measurements, or those named: starting, pages, notes, webhooks, mail, agent,
customers, importing, exporting, suggesting, merging.

`python -m bench generate [tickets]` makes the data of `agent` beforehand; `agent [tickets]` and
`customers [customers]` take another size.
"""

import sys
from collections.abc import Callable
from typing import Any

from bench import agent, customers, exporting, importing, mail, merging, notes, pages, starting, suggesting, webhooks
from bench.generating import LARGE, generate
from tests.stack import Stack, running_stack

SIZED = {
    "agent": agent.run,
    "customers": customers.run,
    "importing": importing.run,
    "exporting": exporting.run,
    "suggesting": suggesting.run,
    "merging": merging.run,
}
ALONE: dict[str, Callable[[], dict[str, Any]]] = {
    "starting": starting.run,
    "webhooks": webhooks.run,
    "mail": mail.run,
    **SIZED,
}
BESIDE: dict[str, Callable[[Stack], dict[str, Any]]] = {"pages": pages.run, "notes": notes.run}


def main(chosen: list[str]) -> None:
    """Print each measurement's figures."""
    if chosen and chosen[-1].isdecimal():
        _sized(chosen[0], int(chosen[-1]))
    elif chosen == ["generate"]:
        _sized("generate", LARGE)
    else:
        _measure(chosen)


def _measure(chosen: list[str]) -> None:
    wanted = chosen or [*ALONE, *BESIDE]
    for name in (one for one in wanted if one in ALONE):
        _print(name, ALONE[name]())
    beside = [one for one in wanted if one in BESIDE]
    if beside:
        with running_stack() as stack:
            for name in beside:
                _print(name, BESIDE[name](stack))


def _sized(name: str, tickets: int) -> None:
    if name == "generate":
        print(f"  in {generate(tickets).directory}")
    else:
        _print(name, SIZED[name](tickets))


def _print(name: str, figures: dict[str, Any]) -> None:
    print(f"\n{name}")
    for what, figure in figures.items():
        print(f"  {what}: {figure}")


if __name__ == "__main__":
    main(sys.argv[1:])
