"""How a customer is called: by whatever telephony is set up above, asked for from here (F25)."""

from collections.abc import Callable

# The link that starts a call to a number ("+351912345678").
Dialer = Callable[[str], str]
# The workspace's dialer, None where no telephony is set up.
Telephony = Callable[[], Dialer | None]

_telephonies: list[Telephony] = []


def register_telephony(telephony: Telephony) -> None:
    """Called once by each app that can place calls, when it starts."""
    _telephonies.append(telephony)


def read_dialer() -> Dialer | None:
    """The first one that is set up in this workspace; None while there is none, and no handset is shown."""
    return next(filter(None, (telephony() for telephony in _telephonies)), None)
