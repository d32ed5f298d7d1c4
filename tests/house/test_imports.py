"""The walls between modules: import-linter's contracts, and proof that they would hold somebody back."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.source import APPS, ROOT

LINTER = Path(sys.executable).with_name("lint-imports")


def test_import_contracts_are_kept() -> None:
    done = subprocess.run([LINTER, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[done.stdout.find("Broken contracts") :]


def test_every_app_stands_in_the_order() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    order = settings["contracts"][0]["layers"]
    named = {app.strip("() ") for layer in order for app in layer.split("|")}
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")}

    assert packages <= named
    assert set(APPS) <= named
    assert set(settings["root_packages"]) == {*APPS, "demo"}


def test_floors_inside_apps_are_exhaustive() -> None:
    """A module that stands on no floor fails the build: this is what keeps utils.py out."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    inside = [one for one in settings["contracts"] if one.get("containers")]
    contained = {app for one in inside for app in one["containers"]}

    assert all(one.get("exhaustive") for one in inside)
    assert contained == set(APPS) - {"core", "helpdesk"}
