"""`add_member --workspace W EMAIL`: let a person into a workspace."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.forms import NewMemberForm
from accounts.kinds import Role
from accounts.models import Tenant
from accounts.services import opening, resetting


class Command(BaseCommand):
    help = "Make a person a member of a workspace."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--workspace", metavar="SLUG", required=True)
        parser.add_argument("--role", choices=Role.values, default=Role.AGENT.value)
        parser.add_argument("--name", default="")
        parser.add_argument("--password", help="if the person is new here; without it a link to set one is printed")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["workspace"]).first()
        if tenant is None:
            raise CommandError(f"There is no workspace called {options['workspace']}.")
        form = NewMemberForm({key: options[key] for key in ("email", "name", "role", "password")})
        if not form.is_valid():
            faults = (f"{field}: {' '.join(map(str, messages))}" for field, messages in form.errors.items())
            raise CommandError(f"Nobody added. {' '.join(faults)}")
        try:
            member = opening.let_in(tenant=tenant, **form.cleaned_data)
        except opening.AlreadyMember as error:
            raise CommandError(f"{error}.") from error
        self.stdout.write(f"{member.email} is {member.get_role_display()} of {settings.BASE_URL}/{tenant.slug}/")
        if link := resetting.first_password_link(user=member.user):
            self.stdout.write(f"To set the password, once: {link}")
