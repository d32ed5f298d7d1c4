"""Who compares customers does it alone in a workspace: of two neighbours who change at once neither is missed."""

from __future__ import annotations

from django.db import OperationalError

from core.retry import Retryable
from customers.models import ComparisonBasis


class Busy(Retryable):
    """Others compare, and take their time."""

    after = 2.0


def lock_comparing() -> ComparisonBasis:
    """The workspace's basis, locked until the transaction ends; made when there is none.

    What was committed before is seen by whoever has the lock. Raises Busy when others keep it for long.
    """
    basis, _ = ComparisonBasis.objects.get_or_create()
    try:
        locked: ComparisonBasis = ComparisonBasis.objects.locked(basis)
    except OperationalError as error:
        # PostgreSQL's own limit on waiting: a worker has other work to do.
        raise Busy("Customers of this workspace are being compared.") from error
    return locked
