"""The ASGI entry: the hot doors stand before Django; everything else is Django's."""

import gc
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

from helpdesk.env import env

# A server starts without Django's system checks: it must not answer with half a configuration.
if env.problems:
    sys.exit("\n".join(env.problems))

import django  # settings must be named first

django.setup(set_prefix=False)

from channels.doors import picture_door  # noqa: E402  Django must be set up first
from helpdesk.handling import Handler, Receive, Scope, Send  # noqa: E402  Django must be set up first
from integrations.doors import webhook_door  # noqa: E402  so must the models behind it

# Path prefix -> door. The house test walks these like URLs.
HOT_DOORS = {"/hooks/": webhook_door, "/public/mail/open/": picture_door}

_django = Handler()
# All of this lives as long as the process: looking it over again and again for garbage takes 50 ms each time.
gc.collect()
gc.freeze()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Route to a hot door by path prefix, else to Django."""
    for prefix, door in HOT_DOORS.items():
        if scope["type"] == "http" and scope["path"].startswith(prefix):
            await door(scope, receive, send)
            return
    await _django(scope, receive, send)
