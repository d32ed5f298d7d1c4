"""The only way a view gets a connection or a link: 404 for absent and foreign alike."""

from zoneinfo import ZoneInfo

from django.http import Http404

from accounts.http import AgentRequest
from customers.access import find_customer
from integrations.models import Connection, Order, StoreCustomer
from integrations.services.setting_fields import with_fields

# The largest number PostgreSQL's integer holds; a longer one in a URL is a connection nobody has.
MOST = 2**31 - 1
MOST_CUSTOMERS = 2**63 - 1


def get_connection(request: AgentRequest, number: int) -> Connection:
    """The connection. Raises Http404."""
    found = Connection.objects.filter(number=number).first() if number <= MOST else None
    if found is None:
        raise Http404
    connection: Connection = found
    return connection


def list_connections(request: AgentRequest) -> list[Connection]:
    """All connections of the workspace, in the order they were made."""
    return list(Connection.objects.order_by("number"))


def get_order(request: AgentRequest, order_id: int, zone: ZoneInfo) -> Order:
    """An order with its customer and with what its custom fields say; moments are shown in `zone`. Raises Http404."""
    rows = with_fields(Order.objects.select_related("store_customer__customer"), zone)
    found = rows.filter(pk=min(order_id, MOST_CUSTOMERS)).first()
    if found is None:
        raise Http404
    return found


def get_link(request: AgentRequest, number: int, customer_number: int) -> StoreCustomer:
    """The customer's link with a connection; the first one of several. Raises Http404."""
    connection = get_connection(request, number)
    links = StoreCustomer.objects.of_connection(connection.pk).select_related("customer", "connection").order_by("pk")
    numbered = links.filter(customer__number=customer_number) if customer_number <= MOST_CUSTOMERS else links.none()
    found = numbered.first()
    if found is None:
        find_customer(customer_number)  # whose link went along with them when they were merged
        raise Http404
    link: StoreCustomer = found
    return link
