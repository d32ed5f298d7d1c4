"""Leases are renewed while the work goes on, and no longer."""

import threading
import time

from django.db import OperationalError

from core.renewal import renewed


def test_lease_is_renewed_while_the_block_works() -> None:
    calls = []
    again = threading.Event()

    def renew() -> None:
        calls.append(1)
        if len(calls) == 3:
            again.set()

    with renewed(renew, every=0.01):
        assert again.wait(5)

    after = len(calls)
    time.sleep(0.05)
    assert len(calls) == after


def test_failed_renewal_is_tried_again() -> None:
    again = threading.Event()
    calls = []

    def renew() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError
        again.set()

    with renewed(renew, every=0.01):
        assert again.wait(5)
