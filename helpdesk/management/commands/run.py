"""Lists `run` among the commands; manage.py runs it without loading Django, which the supervisor does not need."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from helpdesk import running


class Command(BaseCommand):
    help = "Serve the product from this terminal: servers, web, worker and beat, until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        running.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(running.start(demo=options["demo"]))
