"""Where an event leads: apps above say which page shows its subject, and only to members who may see it; for the
audit, what its subject is called."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Membership
from events.models import Event


@dataclass(frozen=True)
class Link:
    """A page and what it is called; `excerpt` is the beginning of what was written, where something was."""

    url: str
    title: str
    excerpt: str = ""


# Event's id -> link, for those of the events it knows that the member may see, in a constant number of queries.
Finder = Callable[[Membership, Collection[Event]], Mapping[int, Link]]

# The same events without those whose subject the member may not see; events of other subjects stay.
Sight = Callable[[Membership, QuerySet[Event]], QuerySet[Event]]


@dataclass(frozen=True)
class Subject:
    """What an event was about, as it is called now; `number` is the one people see."""

    number: int
    title: str
    url: str


@dataclass(frozen=True)
class Directory:
    """How subjects of one kind are found, in one query; who is gone is left out. For admins: nobody's sight is asked.

    `find` goes from ids to subjects, `number_to_ids` from what stands in an address to ids: none for nobody's, several
    where one was made of them.
    """

    find: Callable[[Collection[int]], Mapping[int, Subject]]
    number_to_ids: Callable[[int], Collection[int]] = lambda number: ()


_finders: list[Finder] = []
_sights: list[Sight] = []
_directories: dict[str, Directory] = {}


def register(finder: Finder) -> None:
    """Ask this finder too. Apps above register theirs at start-up."""
    if finder not in _finders:
        _finders.append(finder)


def find_links(member: Membership, events: Collection[Event]) -> dict[int, Link]:
    """Links of the events that lead somewhere this member may go."""
    found: dict[int, Link] = {}
    for finder in _finders:
        found.update(finder(member, events))
    return found


def register_sight(sight: Sight) -> None:
    """Ask this one too, of what a member may see. Apps above register theirs at start-up."""
    if sight not in _sights:
        _sights.append(sight)


def seen_by(member: Membership, events: QuerySet[Event]) -> QuerySet[Event]:
    """The events whose subjects the member may see."""
    for sight in _sights:
        events = sight(member, events)
    return events


def register_subjects(kind: str, directory: Directory) -> None:
    """Ask this one for subjects of a kind, which is a model's name in small letters. Apps above do so at start-up."""
    _directories[kind] = directory


def find_subjects(kind: str, ids: Collection[int]) -> Mapping[int, Subject]:
    """Id -> subject, without those that are gone or of a kind that nobody registered."""
    directory = _directories.get(kind)
    return directory.find(ids) if directory and ids else {}


def find_subject_ids(kind: str, number: int) -> Collection[int]:
    """The ids behind a number that people see."""
    directory = _directories.get(kind)
    return directory.number_to_ids(number) if directory else ()
