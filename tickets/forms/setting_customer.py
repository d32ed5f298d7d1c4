"""Input of setting the customer."""

from django import forms

from customers.models import Customer
from customers.services.following import find_alive

NOBODY = 0


class CustomerForm(forms.Form):
    """A customer by number, of a merged one the survivor; 0 says that it is nobody's."""

    customer = forms.IntegerField(min_value=NOBODY, max_value=2**63 - 1)

    def clean_customer(self) -> Customer | None:
        number = self.cleaned_data["customer"]
        if number == NOBODY:
            return None
        customer = find_alive(number)
        if customer is None:
            raise forms.ValidationError("This customer is not there any more.")
        return customer
