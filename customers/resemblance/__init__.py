"""How much two customers look like one person: bits of evidence for and against, each with its reason.

After Fellegi and Sunter (A Theory for Record Linkage, 1969): a field that agrees counts the more, the rarer what it
says is among all customers of the workspace; one that disagrees counts against. What neither says counts nothing.
"""

from customers.resemblance.commonness import Commonness
from customers.resemblance.comparing import Resemblance, compare, compare_likely, least_bits
from customers.resemblance.facts import Facts, read_facts
from customers.resemblance.keys import keys_of

__all__ = [
    "Commonness",
    "Facts",
    "Resemblance",
    "compare",
    "compare_likely",
    "keys_of",
    "least_bits",
    "read_facts",
]
