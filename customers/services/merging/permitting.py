"""Who may merge, by what the workspace says of it."""

from accounts.models import Membership
from accounts.services.configuring import read_setting
from customers import rules
from customers.options import ADMINS, MERGED_BY


def may_merge(agent: Membership) -> bool:
    """Of an admin nothing is asked of the database."""
    return rules.can_merge(agent, is_for_admins=True) or rules.can_merge(
        agent, is_for_admins=read_setting(MERGED_BY) == ADMINS
    )
