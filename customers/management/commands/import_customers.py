"""Import customers from a CSV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from core.tables.problems import UnreadableTable
from customers.models import CustomerImport
from customers.models.customer_import import ImportMatch
from customers.services.importing import reporting, uploading, working
from customers.services.importing.keeping_tables import read_dialect
from customers.services.importing.mapping import read_mapping
from jobs.models import Job

SHOWN = 20  # refused rows, and rows with a remark


class Command(BaseCommand):
    help = (
        "Import customers from a CSV file. Its first row names the columns: reference, first_name, middle_name, "
        "last_name, birthday, sex, email, phone, street, city, region, postal_code, country, company, note, twitter, "
        "and custom fields by their codes. Killed and called again with the same file, it goes on where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", required=True)
        parser.add_argument(
            "--match",
            choices=ImportMatch.values,
            default=ImportMatch.REFERENCE.value,
            help="what tells that a row is a customer who is already there",
        )
        parser.add_argument("--report", type=Path, help="write the refused rows, with the reason, to this CSV file")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["workspace"]).first()
        if tenant is None:
            raise CommandError(f"There is no workspace called {options['workspace']}.")
        with tenant_scope(tenant):
            taken, job = self._begin(options["file"], ImportMatch(options["match"]))
            self._work(taken, job)
            self._tell(taken, options["report"])

    def _begin(self, path: Path, match: ImportMatch) -> tuple[CustomerImport, Job]:
        try:
            with path.open("rb") as file:
                if taken := working.find_unfinished(file=file, match=match):
                    self.stdout.write(f"Going on with import {taken.number}.")
                    return taken, working.resume_import(taken=taken)
                taken = uploading.take_file(agent=None, name=path.name, file=file)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except UnreadableTable as error:
            raise CommandError(str(error)) from error
        columns = read_dialect(taken.dialect).columns
        mapped = read_mapping(taken.mapping)
        if left := [name or f"column {place}" for place, name in enumerate(columns, 1) if place - 1 not in mapped]:
            self.stderr.write(f"Not taken: {', '.join(left)}.")
        taken = self._choose(taken, match)
        return taken, working.begin_import(taken=taken, agent=None)

    def _choose(self, taken: CustomerImport, match: ImportMatch) -> CustomerImport:
        mapping = read_mapping(taken.mapping)
        try:
            return uploading.choose(taken=taken, mapping=mapping, match=match, agent=None)
        except uploading.NothingMapped as error:
            uploading.forget(taken=taken)
            raise CommandError("None of the columns is one that is known.") from error

    def _work(self, taken: CustomerImport, job: Job) -> None:
        for step in working.work_through(job=job, at=clock.now()):
            if self.stdout.isatty():
                self.stdout.write(f"\r{step.done:,} of {step.total:,} rows", ending="")
                self.stdout.flush()
            job = step
        if self.stdout.isatty():
            self.stdout.write("")
        self.stdout.write(f"Import {taken.number}: {job.report['summary']}.")

    def _tell(self, taken: CustomerImport, path: Path | None) -> None:
        with transaction.atomic():
            refused = reporting.list_refused(taken=taken, most=SHOWN)
            for row in refused.rows:
                self.stderr.write(f"Line {row.line}: {row.problem}")
            if refused.has_more:
                self.stderr.write("… and more; --report writes all of them.")
            remarked = reporting.list_remarked(taken=taken, most=SHOWN)
            for row in remarked.rows:
                self.stderr.write(f"Line {row.line}, taken: {row.problem}")
            if remarked.has_more:
                self.stderr.write("… and more; the page of the import lists all of them.")
            if path:
                with path.open("wb") as file:
                    file.writelines(reporting.write_refused(taken=taken))
