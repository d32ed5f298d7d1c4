"""`suggest_merges` on the command line."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer

TABLE = """reference,first_name,last_name,email,street,city
C-1,Anabela,Figueiredo,ana@a.example,Rua da Palma 14,Lisboa
C-2,Rui,Costa,rui@b.example,Cais 2,Porto
C-3,Anabella,Figueiredo,ana@a.example,"R. da Palma, 14",Lisboa
"""


def run(*words: str) -> str:
    out = StringIO()
    call_command("suggest_merges", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def imported(acme: Tenant, tmp_path: Path) -> Tenant:
    path = tmp_path / "people.csv"
    path.write_text(TABLE)
    call_command("import_customers", str(path), "--workspace", "acme", stdout=StringIO(), stderr=StringIO())
    return acme


def test_one_line_of_json_for_each_pair(imported: Tenant) -> None:
    line = json.loads(run("--workspace", "acme", "--json"))

    assert line["references"] == ["C-1", "C-3"]
    with tenant_scope(imported):
        numbers = dict(Customer.objects.values_list("reference", "number"))
    assert line["customers"] == [numbers["C-1"], numbers["C-3"]]
    assert 0.9 < line["score"] <= 1
    assert {"same e-mail", "alike name"} <= set(line["evidence"])


def test_said_again_it_says_the_same(imported: Tenant) -> None:
    assert run("--workspace", "acme", "--json") == run("--workspace", "acme", "--json")


def test_without_json_it_is_for_people(imported: Tenant) -> None:
    said = run("--workspace", "acme")

    assert said.startswith("1 and 3: ")
    assert "same e-mail" in said


def test_unknown_workspace_is_refused(acme: Tenant) -> None:
    with pytest.raises(CommandError):
        run("--workspace", "nowhere")
