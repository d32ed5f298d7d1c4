""".env.example is what env.py says."""

from helpdesk.env import example
from tests.house.source import ROOT


def test_example_of_the_environment_is_current() -> None:
    path = ROOT / ".env.example"
    before = path.read_text(encoding="utf-8") if path.exists() else ""

    path.write_text(example(), encoding="utf-8")

    assert before == example(), ".env.example was written again: commit it"
