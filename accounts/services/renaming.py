"""Rename the workspace."""

import structlog
from django.db import transaction

from accounts.happenings import Happening, tell
from accounts.models import Membership, Tenant

log = structlog.get_logger(__name__)


def rename_workspace(*, tenant: Tenant, name: str, by: Membership) -> None:
    """Give the workspace another name. Its slug stays: it stands in every link that was ever sent."""
    if tenant.name != name:
        with transaction.atomic():
            data = {"before": tenant.name, "after": name}
            tenant.mark_name(name=name)
            tell(Happening.WORKSPACE_RENAMED, subject=tenant, actor=by.as_actor(), data=data)
        log.info("workspace.renamed", by=by.pk)
