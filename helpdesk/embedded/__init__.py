"""PostgreSQL and Redis from the installed packages, on private sockets, kept for as long as somebody uses them.

`join` is the way in: it starts both when nobody has, and the kernel's file locks tell when the last user is gone.
"""

from helpdesk.embedded.failing import ServersFailed
from helpdesk.embedded.joining import Servers, is_up, join, leave
from helpdesk.embedded.lending import lend

__all__ = ["Servers", "ServersFailed", "is_up", "join", "leave", "lend"]
