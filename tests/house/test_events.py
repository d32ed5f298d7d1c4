"""Events, who reacts to them, and the tasks behind the names."""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from celery import current_app
from django.conf import settings

from accounts.tenant_task import TenantTask
from events.kinds import all_types
from helpdesk.subscribers import SUBSCRIBERS
from tests.house.source import APPS, ROOT, expect_none, nodes, where

for _app in APPS:
    if (ROOT / _app / "kinds.py").exists():
        import_module(f"{_app}.kinds")  # so that every type is known

NAME = re.compile(r"[a-z_]+\.[a-z_]+")


def product_types() -> list[Any]:
    """Types that the product declares; tests declare some of their own."""
    declared = set()
    for _, node in nodes(*APPS):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "EventType":
            declared.add(ast.literal_eval(node.args[0]))
    return [one for one in all_types() if one.name in declared]


def tasks() -> dict[str, Any]:
    """Every task of the product, by name."""
    current_app.loader.import_default_modules()
    return {name: task for name, task in current_app.tasks.items() if name.partition(".")[0] in APPS}


def test_types_are_named_noun_and_participle() -> None:
    assert product_types()
    expect_none([one.name for one in product_types() if not NAME.fullmatch(one.name)])


def test_every_type_is_subscribed_or_silent() -> None:
    said = {one.name for one in product_types() if not one.is_silent}

    assert said == set(SUBSCRIBERS)


def test_every_type_is_recorded_somewhere() -> None:
    """A type that nothing records is a wish, not an event."""
    used = {_constant(node) for _, node in nodes(*APPS)}
    unused = []
    for app in APPS:
        if (ROOT / app / "kinds.py").exists():
            module = import_module(f"{app}.kinds")
            for holder, names in _holders(module):
                unused += [f"{app}.kinds.{holder}.{name}" for name in names if (holder, name) not in used]

    expect_none(unused)


def test_every_subscriber_is_a_task_of_a_tenant() -> None:
    names = {name for subscribed in SUBSCRIBERS.values() for name in subscribed}
    known = tasks()

    expect_none(sorted(names - set(known)))
    expect_none([name for name in names if not isinstance(known[name], TenantTask)])
    expect_none([name for name in names if "reaction_id" not in inspect.signature(known[name].run).parameters])


def test_every_scheduled_name_is_a_task() -> None:
    scheduled = {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    expect_none(sorted(scheduled - set(tasks())))


def test_every_name_handed_to_the_broker_is_a_task() -> None:
    named = re.compile(r"[a-z]+\.tasks\.[a-z_]+")
    literals = {
        (node.value, where(path, node))
        for path, node in nodes(*APPS)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and named.fullmatch(node.value)
    }

    assert literals
    expect_none([spot for name, spot in sorted(literals) if name not in tasks()])


def test_tasks_take_names_and_tolerate_what_they_do_not_know() -> None:
    """A worker of yesterday must survive a message of today."""
    wrong = []
    for name, task in tasks().items():
        parameters = list(inspect.signature(task.run).parameters.values())
        if not parameters or parameters[-1].kind is not parameters[-1].VAR_KEYWORD or parameters[-1].name != "_":
            wrong.append(f"{name} does not end in **_")
        if any(one.kind is not one.KEYWORD_ONLY for one in parameters[:-1]):
            wrong.append(f"{name} takes positional arguments")

    expect_none(wrong)


def _constant(node: ast.AST) -> tuple[str, str] | None:
    """(holder, name) of TicketEvent.CLOSED and the like."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id.endswith("Event"):
        return node.value.id, node.attr
    return None


def _holders(module: Any) -> Iterator[tuple[str, list[str]]]:
    from events.kinds import EventType

    for name, thing in vars(module).items():
        if inspect.isclass(thing) and thing.__module__ == module.__name__ and name.endswith("Event"):
            yield name, [key for key, value in vars(thing).items() if isinstance(value, EventType)]
