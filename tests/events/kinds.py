"""An event type for tests, and who reacts to it."""

from events.kinds import EventType

HAPPENED = EventType("thing.happened", {"what": str}, is_silent=False)
TASK = "tests.events.work_on_thing"
