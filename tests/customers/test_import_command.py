"""`import_customers` on the command line."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer, CustomerImport
from customers.services.importing import batching, uploading, working

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(text: str) -> Path:
        path = tmp_path / "people.csv"
        path.write_text(text)
        return path

    return make


def run(path: Path, *more: str, workspace: str = "acme") -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_customers", str(path), "--workspace", workspace, *more, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_file_is_imported_and_what_was_left_out_is_told(acme: Tenant, write: Write, tmp_path: Path) -> None:
    path = write("reference,first_name,email,Total Spent\nC-1,Ana,ana@a.example,5\nC-2,Eva,eva,6\n")

    out, err = run(path, "--report", str(tmp_path / "refused.csv"))

    assert out == "Import 1: 1 created, 1 refused.\n"
    assert err == "Not taken: Total Spent.\nLine 3: “eva” is no e-mail address.\n"
    assert '"C-2","Eva","eva","6"' in (tmp_path / "refused.csv").read_text()
    with tenant_scope(acme):
        assert Customer.objects.get().display_name == "Ana"


def test_what_was_taken_without_a_value_is_told(acme: Tenant, write: Write, tmp_path: Path) -> None:
    path = write("reference,first_name,birthday,email\nC-1,Ana,19451332,\nC-2,Eva,,eva\n")

    out, err = run(path, "--report", str(tmp_path / "refused.csv"))

    assert out == "Import 1: 1 created, 1 refused; 1 taken with a remark.\n"
    assert err == ("Line 3: “eva” is no e-mail address.\nLine 2, taken: Birthday “19451332” is no day: left out.\n")
    assert "C-1" not in (tmp_path / "refused.csv").read_text()


def test_customers_are_matched_by_email_when_asked(acme: Tenant, write: Write) -> None:
    path = write("email,first_name\nana@a.example,Ana\n")
    run(path)

    assert run(path)[0] == "Import 2: 1 created.\n"
    path = write("email,first_name\neva@a.example,Eva\n")
    run(path)
    assert run(path, "--match", "email")[0] == "Import 4: 1 unchanged.\n"


def test_killed_command_goes_on_with_the_same_file(acme: Tenant, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "BATCH", 1)
    path = write("reference\nC-1\nC-2\nC-3\n")
    with tenant_scope(acme), path.open("rb") as file:
        taken = uploading.take_file(agent=None, name=path.name, file=file)
        steps = working.work_through(job=working.begin_import(taken=taken, agent=None), at=taken.created_at)
        next(steps)
        steps.close()

    out, _ = run(path)

    assert out == "Going on with import 1.\nImport 1: 3 created.\n"
    with tenant_scope(acme):
        assert (Customer.objects.count(), CustomerImport.objects.count()) == (3, 1)


@pytest.mark.parametrize(
    ("text", "workspace", "reason"),
    [
        ("first_name\nAna\n", "nowhere", "There is no workspace called nowhere."),
        ("what,is,this\n1,2,3\n", "acme", "None of the columns is one that is known."),
        ("", "acme", "This file is empty"),
    ],
)
def test_what_cannot_be_imported_is_refused(acme: Tenant, write: Write, text: str, workspace: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        run(write(text), workspace=workspace)


def test_file_that_is_not_there_is_refused(acme: Tenant, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "none.csv")
