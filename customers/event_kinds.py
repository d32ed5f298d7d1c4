"""Types of events beside those of a customer: of custom fields, imports, comparing and suggestions."""

from events.kinds import EventType


class CustomFieldEvent:
    DEFINED = EventType(
        "custom_field.defined",
        {"code": str, "target": str},
        on_timeline=False,
        audit="settings",
        told="Custom field {code} of a {target} defined",
    )
    EDITED = EventType(
        "custom_field.edited",
        {"code": str, "target": str, "changes": list},
        on_timeline=False,
        audit="settings",
        told="Custom field {code} of a {target} changed:",
    )


class ImportEvent:
    # The next stretch of an import, or of undoing one, for a worker.
    PLANNED = EventType("customer_import.planned", {"job": int}, on_timeline=False, is_silent=False)
    # `name` is the file's.
    BEGUN = EventType(
        "customer_import.begun",
        {"number": int, "name": str},
        personal=frozenset({"name"}),
        on_timeline=False,
        audit="data",
        told="Import {number} begun, of the file {name}",
    )
    STOPPED = EventType(
        "customer_import.stopped",
        {"number": int, "reason": str},
        on_timeline=False,
        audit="data",
        told="Import {number} did not come to its end. {reason}",
    )
    UNDOING = EventType(
        "customer_import.undoing",
        {"number": int},
        on_timeline=False,
        audit="data",
        told="Undoing import {number} begun",
    )
    ENDED = EventType(
        "customer_import.ended",
        {"number": int, "created": int, "updated": int, "unchanged": int, "refused": int},
        on_timeline=False,
        audit="data",
        told="Import {number} ended: {created} created, {updated} updated, {unchanged} unchanged, {refused} refused",
        is_silent=False,
    )
    UNDONE = EventType(
        "customer_import.undone",
        {"number": int, "undone": int, "left": int},
        on_timeline=False,
        audit="data",
        told="Import {number} undone: {undone} rows, {left} left as they are",
        is_silent=False,
    )


class ComparisonEvent:
    # The next stretch of comparing all customers of the workspace, for a worker.
    PLANNED = EventType("customer_comparison.planned", {"job": int}, on_timeline=False, is_silent=False)


class SuggestionEvent:
    # Numbers are those of the two customers then; why stands on the dismissal.
    DISMISSED = EventType(
        "suggestion.dismissed",
        {"one": int, "other": int},
        on_timeline=False,
        audit="merges",
        told="Customers {one} and {other} are not the same person",
        is_silent=False,
    )
    TAKEN_UP = EventType(
        "suggestion.taken_up",
        {"one": int, "other": int},
        on_timeline=False,
        audit="merges",
        told="Customers {one} and {other} may be the same person after all",
        is_silent=False,
    )
