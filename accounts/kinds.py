"""Constants of accounts: roles, kinds of actors, kinds of public routes."""

from dataclasses import dataclass

from django.db import models


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    AGENT = "agent", "Agent"


class ActorKind(models.TextChoices):
    """Who or what changed something (D30)."""

    AGENT = "agent", "Agent"
    CUSTOMER = "customer", "Customer"
    STORE = "store", "Store"
    LOOKUP = "lookup", "Look-up"
    IMPORT = "import", "Import"
    API = "api", "API"
    SYSTEM = "system", "Helpdesk"


class RouteKind(models.TextChoices):
    """Public doors. Each look-up by one of these is the only way to a tenant without a sign-in."""

    INBOX_ADDRESS = "inbox_address"
    MAIL_ACCOUNT = "mail_account"  # key: the account's id; so that the fetching finds all of them
    MAIL_HOOK = "mail_hook"  # key: the random part of the URL a mail provider calls
    STORE = "store"  # key: "<kind of store>:<the store's own public name>"


@dataclass(frozen=True)
class Actor:
    """Who does something. `id` is the membership, customer or connection; `name` is kept for the timeline."""

    kind: ActorKind
    id: int | None = None
    name: str = ""


SYSTEM = Actor(ActorKind.SYSTEM, None, "Helpdesk")

# First path segments that public URLs need; no workspace may take one.
RESERVED_SLUGS = frozenset(
    "accounts admin api app assets auth billing blog chat demo docs favicon.ico files healthz help hooks i internal "
    "login logout media o oauth open ping portal public readyz robots.txt settings shop signup static status stream "
    "support t track u unsubscribe w webhooks widget workspaces ws www".split()
)
