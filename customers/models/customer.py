"""Customer: a person who writes to a shop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, cast

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.kinds import ActorKind
from accounts.models.membership import validate_time_zone
from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet, active_tenant_id
from core.retry import Retryable
from core.text import fold, initials_of
from customers.kinds import ContactKind, PreferredChannel, Sex
from customers.models.contact import CustomerContact
from customers.models.provenance import Tracked, TrackedBy
from events.kinds import dealings_name

_KEY_HELD = "SELECT merged_into_id FROM customers_customer WHERE tenant_id = %s AND id = %s FOR KEY SHARE"


class MergedAway(Retryable):
    """The profile was merged into another one since it was read: what is written there, nobody would see again."""

    def __init__(self, customer_id: int) -> None:
        super().__init__("The customer was merged into another one meanwhile.")
        self.customer_id = customer_id


class CustomerQuerySet(TenantQuerySet["Customer"]):
    def alive(self) -> CustomerQuerySet:
        """Not deleted: what lists, searches and matching see."""
        return self.filter(deleted_at=None)

    def locked_unmerged(self, customer: Customer) -> Customer:
        """The same one, read again and locked until the transaction ends; for whoever changes the profile.

        Not FOR UPDATE, which would stop arriving messages that point to the customer. Raises MergedAway.
        """
        found: Customer = self.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
        if found.is_merged:
            raise MergedAway(found.pk)
        return found

    def locked_top(self, customer: Customer) -> Customer:
        """The same, of a merged profile the one it went into: for what machines know of the person."""
        pk = customer.pk
        while True:
            savepoint = transaction.savepoint()
            found: Customer = self.select_for_update(of=("self",), no_key=True).get(pk=pk)
            if found.merged_into_id is None:
                transaction.savepoint_commit(savepoint)
                return found
            # Let go before the next is asked for: profiles are locked in the order of their ids.
            transaction.savepoint_rollback(savepoint)
            pk = found.merged_into_id

    def top_of(self, customer_id: int) -> Customer:
        """Who has what is this one's: themselves, or whom they were merged into, and so on."""
        found: Customer = self.get(pk=customer_id)
        while found.merged_into_id is not None:
            found = self.get(pk=found.merged_into_id)
        return found

    def hold_unmerged(self, customer_id: int) -> None:
        """Until the transaction ends nobody merges this one into another; for whoever changes what hangs on the profile
        and does not lock it. Raises MergedAway.
        """
        with connection.cursor() as cursor:
            cursor.execute(_KEY_HELD, [active_tenant_id(), customer_id])
            row = cursor.fetchone()
        if row is not None and row[0] is not None:
            raise MergedAway(customer_id)

    def named_like(self, start: str) -> CustomerQuerySet:
        """Whose folded name begins so; `^@` is leakproof and uses the index, LIKE would not."""
        return cast("CustomerQuerySet", self.extra(where=["name_folded ^@ %s"], params=[fold(start)]))

    def holding(self, kind: ContactKind, value: str) -> CustomerQuerySet:
        """Who holds the contact of this normalized value."""
        return self.filter(contacts__contact__kind=kind, contacts__contact__value=value)

    def with_main_contacts(self) -> CustomerQuerySet:
        """With `email` and `phone`: the main ones as they were typed, None where there is none."""
        return self.annotate(email=_main_contact(ContactKind.EMAIL), phone=_main_contact(ContactKind.PHONE))


class Customer(TenantModel, Tracked):
    """What changes all the time (note, presence, totals) is not in this history-tracked row."""

    number = models.BigIntegerField()
    first_name = models.CharField(max_length=100, blank=True)
    middle_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    # Whatever the database's own collation is: only under "C" does `^@` use an index.
    name_folded = models.CharField(max_length=310, blank=True, db_collation="C")
    # What to call somebody without a name: an address, a handle, "Visitor 7F3A" (D14).
    fallback_name = models.CharField(max_length=254, blank=True)
    is_vip = models.BooleanField(default=False)
    is_bad = models.BooleanField(default=False)
    # A picture an agent gave; those it had before are kept for its history.
    photo = models.ForeignKey("files.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=35, blank=True)
    preferred_channel = models.CharField(max_length=10, choices=PreferredChannel.choices, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, validators=[validate_time_zone])
    location = models.CharField(max_length=200, blank=True)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    # Computed from the full name, shown as a guess, never written over `sex` (F12).
    supposed_sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    birthday = models.DateField(null=True)
    manager = models.ForeignKey("accounts.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    # The number of a store that is connected above; `customers.stores` knows its name.
    store_number = models.PositiveIntegerField(null=True)
    personal_discount = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # percent (F17)
    cumulative_discount = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    discount_card = models.CharField(max_length=50, blank=True)
    # By what name another system knows the customer; imports find them by it.
    reference = models.CharField(max_length=255, blank=True)
    # Deleted profiles are kept with their history and can be restored; erasing is another thing.
    deleted_at = models.DateTimeField(null=True)
    # Frozen as it was when it was merged; deleted, too, so that lists, searches and matching see the other one only.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    # All that were merged into this one, and into those: events and history are read of them too.
    absorbed_ids = ArrayField(models.BigIntegerField(), default=list)
    # What was known of the person is gone for good; the row stays for what others wrote to them.
    erased_at = models.DateTimeField(null=True)
    origin = models.CharField(max_length=10, choices=ActorKind.choices, default=ActorKind.AGENT)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(CustomerQuerySet)()
    history = HistoricalRecords(
        bases=[TrackedBy],
        history_user_id_field=models.BigIntegerField(null=True),
        excluded_fields=["name_folded", "supposed_sex", "merged_into", "absorbed_ids"],
        cascade_delete_history=False,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="customer_number"),
            models.UniqueConstraint(
                fields=["tenant", "reference"], name="customer_reference", condition=~models.Q(reference="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "name_folded"], name="customer_by_name"),
            # Few are marked: a list of their tickets begins with them.
            models.Index(
                fields=["tenant", "id"],
                name="customer_marked",
                condition=models.Q(is_vip=True) | models.Q(is_bad=True),
            ),
            models.Index(
                fields=["tenant", "manager", "-number"],
                name="customer_by_manager",
                condition=models.Q(manager__isnull=False),
            ),
            models.Index(fields=["tenant", "sex", "-number"], name="customer_by_sex", condition=~models.Q(sex="")),
            models.Index(
                fields=["tenant", "store_number", "-number"],
                name="customer_by_store",
                condition=models.Q(store_number__isnull=False),
            ),
            models.Index(
                fields=["tenant", "language", "-number"],
                name="customer_by_language",
                condition=~models.Q(language=""),
            ),
            models.Index(
                fields=["tenant", "birthday"], name="customer_by_birthday", condition=models.Q(birthday__isnull=False)
            ),
            models.Index(
                fields=["tenant", "-number"], name="customer_deleted", condition=models.Q(deleted_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"customer {self.number}"

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name) if part)

    @property
    def display_name(self) -> str:
        return self.full_name or self.fallback_name or f"Customer {self.number}"

    @property
    def initials(self) -> str:
        return initials_of(self.display_name)

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def all_ids(self) -> list[int]:
        """Of this profile and of all that were merged into it."""
        return [self.pk, *self.absorbed_ids]

    @property
    def is_merged(self) -> bool:
        return self.merged_into_id is not None

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None

    @property
    def live_name(self) -> str:
        return f"customer-{self.number}"

    @property
    def dealings_name(self) -> str:
        """The live name of what happens on their tickets."""
        return dealings_name(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("customers:show", args=[self.number])

    def mark_absorbed(self, ids: Sequence[int]) -> None:
        self.absorbed_ids = list(ids)
        # No change of the profile: no row of its history.
        type(self).objects.filter(pk=self.pk).update(absorbed_ids=self.absorbed_ids)

    def set_names(self, *, first: str, middle: str = "", last: str = "", supposed_sex: Sex = Sex.UNKNOWN) -> None:
        """The folded form is what lists order and search by, so somebody without a name is found by their address."""
        self.first_name, self.middle_name, self.last_name = first[:100], middle[:100], last[:100]
        self.supposed_sex = supposed_sex
        self.name_folded = fold(self.full_name or self.fallback_name)[:310]


def _main_contact(kind: ContactKind) -> Subquery:
    lines = CustomerContact.objects.filter(customer=OuterRef("pk"), contact__kind=kind)
    return Subquery(lines.in_order().values("typed")[:1])
