"""Compare all customers of a workspace, and print who may be one person."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from core.database.among import Among
from customers.models import Customer, Suggestion
from customers.services.suggesting import working
from customers.services.suggesting.locking import Busy
from jobs.models import Job

PRINTED = 5_000  # pairs read at once
PATIENCE = 100  # times that others compare meanwhile


class Command(BaseCommand):
    help = (
        "Compare all customers of a workspace, suggest whom to merge, and print one line for each pair: the customers' "
        "numbers, which merge_customers takes, the references by which other systems know them, how likely it is that "
        "they are one person, and what speaks for it. Nothing is merged."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", required=True)
        parser.add_argument("--json", action="store_true", help="each line is a JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["workspace"]).first()
        if tenant is None:
            raise CommandError(f"There is no workspace called {options['workspace']}.")
        with tenant_scope(tenant):
            job = self._work(working.take_over(at=clock.now()))
            if not job.is_finished:
                raise CommandError("Others compare customers of this workspace all the time. Try again later.")
            for pair in _pairs():
                self.stdout.write(json.dumps(pair, ensure_ascii=False) if options["json"] else _line(pair))
        self.stderr.write(f"{job.report['summary']}.")

    def _work(self, job: Job) -> Job:
        for _ in range(PATIENCE):
            try:
                for step in working.work_through(job=job, at=clock.now()):
                    job = self._tell(step)
                break
            except Busy:
                # Workers compare somebody who has just changed; what was done so far is done.
                job = working.read_again(job)
        if self.stderr.isatty():
            self.stderr.write("")
        return job

    def _tell(self, job: Job) -> Job:
        if self.stderr.isatty():
            self.stderr.write(f"\r{job.done:,} of {job.total:,}", ending="")
        return job


def _pairs() -> Iterator[dict[str, Any]]:
    """The likeliest first; customers are fetched for a number of pairs at once, whatever PostgreSQL thinks of joins."""
    with transaction.atomic():
        rows = Suggestion.objects.order_by("-score", "pk").values_list("one_id", "other_id", "score", "evidence")
        found = rows.iterator(chunk_size=PRINTED)
        while pairs := list(islice(found, PRINTED)):
            ids = {pk for one, other, _, _ in pairs for pk in (one, other)}
            named = Customer.objects.filter(Among("pk", ids)).values_list("pk", "number", "reference")
            people = {pk: (number, reference) for pk, number, reference in named}
            for one, other, score, evidence in pairs:
                numbers, references = zip(people[one], people[other], strict=True)
                yield {"customers": numbers, "references": references, "score": score, "evidence": evidence}


def _line(pair: dict[str, Any]) -> str:
    one, other = pair["customers"]
    return f"{one} and {other}: {pair['score']:.0%}, {', '.join(pair['evidence'])}"
