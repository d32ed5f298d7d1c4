"""The country by whose rules a customer's legal details are read where they name none (D18)."""

from accounts.services.configuring import read_setting
from customers.models import Customer, CustomerAddress
from customers.options import COUNTRY


def site_of(*, customer: Customer) -> str:
    """That of the delivery address, else the workspace's; two capital letters, "" where neither is known."""
    main = CustomerAddress.objects.filter(customer=customer, is_main=True)
    return str(main.values_list("country", flat=True).first() or home())


def home() -> str:
    """The workspace's own country; two capital letters, "" where nobody said it."""
    return read_setting(COUNTRY).upper()
