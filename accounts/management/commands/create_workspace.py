"""`create_workspace NAME`: a workspace and, if asked for, its owner."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.text import slugify

from accounts.forms import NewMemberForm
from accounts.kinds import Role
from accounts.models import Membership, Tenant
from accounts.services import opening, resetting


class Command(BaseCommand):
    help = "Create a workspace and, with --owner, the person who owns it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--slug", help="the first part of its addresses; made from the name by default")
        parser.add_argument("--owner", metavar="EMAIL")
        parser.add_argument("--name", dest="owner_name", default="", help="the owner's name")
        parser.add_argument("--password", help="the owner's, if new here; without it a link to set one is printed")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = slugify(options["name"])[:40].strip("-") if options["slug"] is None else options["slug"]
        if not slug:
            raise CommandError(f"{options['name']} has no letter that an address may have: give --slug.")
        try:
            with transaction.atomic():
                tenant = opening.open_workspace(slug=slug, name=options["name"])
                owner = _add_owner(tenant, options) if options["owner"] else None
        except opening.SlugTaken as error:
            raise CommandError(f"Choose another name, or give --slug: {error}.") from error
        except ValidationError as error:
            raise CommandError(f"No workspace made: {' '.join(error.messages)}") from error
        owned = f", owned by {owner.email}" if owner else ""
        self.stdout.write(f"Workspace {tenant.name}: {settings.BASE_URL}/{tenant.slug}/{owned}")
        if owner and (link := resetting.first_password_link(user=owner.user)):
            self.stdout.write(f"To set the password, once: {link}")


def _add_owner(tenant: Tenant, options: dict[str, Any]) -> Membership:
    form = NewMemberForm(
        {"email": options["owner"], "name": options["owner_name"], "role": Role.OWNER, "password": options["password"]}
    )
    if not form.is_valid():
        raise ValidationError([message for messages in form.errors.values() for message in messages])
    return opening.let_in(tenant=tenant, **form.cleaned_data)
