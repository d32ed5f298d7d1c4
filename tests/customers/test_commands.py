"""`define_field` on the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import CustomField


def run(*more: str, workspace: str = "acme", kind: str = "choice") -> str:
    out = StringIO()
    call_command(
        "define_field", "Shoe size", "--workspace", workspace, "--of", "ticket", "--kind", kind, *more, stdout=out
    )
    return out.getvalue()


def test_field_is_defined_with_its_choices(acme: Tenant) -> None:
    assert run("--option", "40", "--option", "41", "--show-in", "list", "--show-in", "bulk") == (
        "Field 1 of acme: shoe_size.\n"
    )

    with tenant_scope(acme):
        field = CustomField.objects.get()
        assert (field.target, field.in_list, field.in_filter, field.in_bulk) == ("ticket", True, False, True)
        assert list(field.options.order_by("position").values_list("label", flat=True)) == ["40", "41"]


@pytest.mark.parametrize(
    ("more", "kind", "workspace"),
    [
        ((), "choice", "acme"),
        (("--option", "40"), "string", "acme"),
        (("--code", "Shoe Size"), "string", "acme"),
        ((), "string", "nowhere"),
    ],
)
def test_what_makes_no_field_is_refused(acme: Tenant, more: tuple[str, ...], kind: str, workspace: str) -> None:
    with pytest.raises(CommandError):
        run(*more, kind=kind, workspace=workspace)


def test_same_field_is_not_defined_twice(acme: Tenant) -> None:
    run(kind="string")

    with pytest.raises(CommandError, match="another field has it"):
        run(kind="string")
