"""Rename the workspace."""

import structlog

from accounts.models import Membership, Tenant

log = structlog.get_logger(__name__)


def rename_workspace(*, tenant: Tenant, name: str, by: Membership) -> None:
    """Give the workspace another name. Its slug stays: it stands in every link that was ever sent."""
    if tenant.name != name:
        tenant.mark_name(name=name)
        log.info("workspace.renamed", by=by.pk)
