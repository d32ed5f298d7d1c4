"""What two profiles hold as lists, and how they stand as one: contacts, addresses, tags."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from customers.kinds import ContactKind
from customers.models import Customer, CustomerContact, CustomerTag
from customers.services.reading_addresses import ShownAddress, show_addresses
from customers.services.reading_contacts import ContactLine, read_lines, show_lines
from customers.services.saving_addresses import like_of, read_held

WORDS = {ContactKind.EMAIL: "E-mail", ContactKind.PHONE: "Phone", ContactKind.HANDLE: "Handles"}
WITH_MAIN = (ContactKind.EMAIL, ContactKind.PHONE)
SHARERS_SHOWN = 20


@dataclass(frozen=True)
class Pooled:
    """One contact of the two; `line` is the survivor's where both hold it (`is_twin`). `is_mine`: the survivor's."""

    line: ContactLine
    is_mine: bool
    is_twin: bool


@dataclass(frozen=True)
class Contacts:
    """All of one kind; `main` is the id of the line that is the main one afterwards unless another is chosen."""

    kind: ContactKind
    label: str
    lines: tuple[Pooled, ...]
    main: int

    @property
    def has_choice(self) -> bool:
        return self.kind in WITH_MAIN and len(self.lines) > 1


@dataclass(frozen=True)
class PooledAddress:
    """One address of the two; the survivor's (`is_mine`) where both have the like (`is_twin`)."""

    address: ShownAddress
    is_mine: bool
    is_twin: bool


@dataclass(frozen=True)
class Pool:
    """Both profiles' lists as one."""

    contacts: tuple[Contacts, ...]
    addresses: tuple[PooledAddress, ...]
    tags: tuple[str, ...]


def read_pool(*, survivor: Customer, other: Customer, mains: Collection[int] = ()) -> Pool:
    """The survivor's first; in a constant number of queries. `mains` are lines that were chosen as main ones."""
    mine, theirs = (show_lines(one, read_lines(one)) for one in (survivor, other))
    tags = CustomerTag.objects.filter(customer__in=[survivor.pk, other.pk]).order_by("name_folded", "pk")
    kinds = (_pool(kind, mine[kind], theirs[kind], mains) for kind in ContactKind)
    return Pool(
        contacts=tuple(one for one in kinds if one.lines),
        addresses=tuple(_pool_addresses(survivor, other)),
        tags=tuple({tag.name_folded: tag.name for tag in tags}.values()),
    )


def _pool_addresses(survivor: Customer, other: Customer) -> Iterator[PooledAddress]:
    mine, theirs = (read_held(customer=one) for one in (survivor, other))
    shared = {like_of(row) for row in mine} & {like_of(row) for row in theirs}
    for row, address in zip(mine, show_addresses(survivor, mine), strict=True):
        yield PooledAddress(address, is_mine=True, is_twin=like_of(row) in shared)
    others = [row for row in theirs if like_of(row) not in shared]
    for address in show_addresses(other, others):
        yield PooledAddress(address, is_mine=False, is_twin=False)


def _pool(
    kind: ContactKind, mine: Iterable[ContactLine], theirs: Iterable[ContactLine], mains: Collection[int]
) -> Contacts:
    shared = {line.address for line in mine} & {line.address for line in theirs}
    own = [Pooled(line, is_mine=True, is_twin=line.address in shared) for line in mine]
    others = [Pooled(line, is_mine=False, is_twin=False) for line in theirs if line.address not in shared]
    lines = (*own, *others)
    by_rank = sorted(lines, key=lambda one: (one.line.id not in mains, not one.line.is_primary))
    return Contacts(kind, WORDS[kind], lines, main=by_rank[0].line.id if lines else 0)


def find_sharers(*, customer: Customer) -> Sequence[Customer]:
    """Who holds an e-mail address, phone or handle of this customer's that is not said to be several people's."""
    held = CustomerContact.objects.filter(customer=customer, contact__is_shared=False).values("contact")
    holders = CustomerContact.objects.filter(contact__in=held).exclude(customer=customer).values("customer")
    rows = Customer.objects.alive().filter(pk__in=holders).select_related("photo").with_main_contacts()
    return list(rows.order_by("name_folded", "pk")[:SHARERS_SHOWN])
