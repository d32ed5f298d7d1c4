"""The walls between tenants, in Python and in the database."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import Tenant
from accounts.tenancy import NoActiveTenant, tenant_scope
from customers.models import Customer
from tests.factories.customers import make_customer
from tests.factories.tickets import make_ticket


def test_tests_run_as_the_app_role(current_role: str) -> None:
    assert current_role == "helpdesk_app"


def test_manager_without_tenant_raises(db: None) -> None:
    with pytest.raises(NoActiveTenant):
        Customer.objects.exists()


def test_raw_query_without_tenant_is_refused_by_the_database(acme: Tenant) -> None:
    with tenant_scope(acme):
        make_customer()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_customer")


def test_other_tenants_rows_are_not_seen_past_the_manager(acme: Tenant, globex: Tenant) -> None:
    with tenant_scope(acme):
        customer = make_customer()
        assert Customer._base_manager.filter(pk=customer.pk).exists()

    with tenant_scope(globex):
        assert not Customer._base_manager.filter(pk=customer.pk).exists()


def test_creating_for_another_tenant_is_refused(acme: Tenant, globex: Tenant) -> None:
    with tenant_scope(acme), pytest.raises(DatabaseError), transaction.atomic():
        Customer.objects.create(tenant=globex, number=1)


def test_foreign_key_into_another_tenant_is_refused(acme: Tenant, globex: Tenant) -> None:
    with tenant_scope(globex):
        foreign = make_customer()

    with tenant_scope(acme), pytest.raises(IntegrityError), transaction.atomic():
        make_ticket(customer_id=foreign.pk)
        connection.check_constraints()


def test_nested_scope_gives_the_outer_tenant_back_to_the_database(acme: Tenant, globex: Tenant) -> None:
    with tenant_scope(acme):
        make_customer()
        with tenant_scope(globex):
            assert Customer._base_manager.count() == 0
        assert Customer._base_manager.count() == 1


@pytest.mark.django_db(transaction=True)
def test_pooled_connection_does_not_carry_a_tenant_over(acme: Tenant) -> None:
    with tenant_scope(acme), transaction.atomic():
        make_customer()
    connection.close()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_customer")
