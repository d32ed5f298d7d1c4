"""With what orders of customers were placed: apps above know it, and who looks for one person in two profiles asks."""

from collections.abc import Callable, Collection, Mapping

# By customer, of those whose orders say any: kinds and values of contacts, spelled as contacts are.
OrderContacts = Mapping[int, Collection[tuple[str, str]]]
# Called with ids of customers, in one query.
Reader = Callable[[Collection[int]], OrderContacts]

_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Called once by each app that keeps orders, when it starts."""
    _readers.append(reader)


def read_order_contacts(ids: Collection[int]) -> dict[int, set[tuple[str, str]]]:
    """These are no contacts of theirs: whoever writes from one may be somebody else."""
    found: dict[int, set[tuple[str, str]]] = {}
    for reader in _readers:
        for customer_id, contacts in reader(ids).items():
            found.setdefault(customer_id, set()).update(contacts)
    return found
