"""A country's numbers for tax, VAT and registration: what each is called, and which rules a right one follows."""

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from customers.legal.kinds import ContractorType, Kind

# Raises a ValidationError of python-stdnum, or says nothing. As a text: the module of python-stdnum that has the rule.
Rule = Callable[[str], object]
BOTH = (ContractorType.LEGAL_ENTITY, ContractorType.SOLE_TRADER)
LEGAL = (ContractorType.LEGAL_ENTITY,)
SOLE = (ContractorType.SOLE_TRADER,)


class Fault(IntEnum):
    """The higher one tells more: the number was like the scheme in all that comes before."""

    NONE = 0
    LENGTH = 1
    SHAPE = 2
    PART = 3
    CHECK_DIGIT = 4


@dataclass(frozen=True)
class Scheme:
    """`hint` says in words how a number looks; without rules it is free text. A scheme that is not `is_shared` is
    looked at only for its own contractor types: its numbers look like another scheme's.
    """

    country: str
    kind: Kind
    label: str
    hint: str
    rules: tuple[str | Rule, ...]
    of: tuple[ContractorType, ...] = BOTH
    is_shared: bool = True

    def fault_of(self, number: str) -> Fault:
        """NONE where any rule is content; otherwise what the most content one found."""
        faults = [_judge(rule, number) for rule in self.rules]
        return Fault.NONE if Fault.NONE in faults else max(faults, default=Fault.NONE)

    def sentence(self, fault: Fault, number: str) -> str:
        """What is wrong, for the person who typed it; "" for nothing."""
        return {
            Fault.NONE: "",
            Fault.LENGTH: f"This has {len(number)} characters; {self.label} is {self.hint}.",
            Fault.SHAPE: f"This does not look right: {self.label} is {self.hint}.",
            Fault.PART: f"There is no {self.label} like this: check for a typing error.",
            Fault.CHECK_DIGIT: "The check digit does not fit: check for a typing error.",
        }[fault]


def _judge(rule: str | Rule, number: str) -> Fault:
    try:
        (rule_of(rule) if isinstance(rule, str) else rule)(number)
    except InvalidChecksum:
        return Fault.CHECK_DIGIT
    except InvalidComponent:
        return Fault.PART
    except InvalidLength:
        return Fault.LENGTH
    except ValidationError:
        return Fault.SHAPE
    # Modules of the library that take a number apart before they look at its letters.
    except (ValueError, IndexError, KeyError):
        return Fault.SHAPE
    return Fault.NONE


@cache
def rule_of(module: str) -> Rule:
    """The rule of a module of python-stdnum, named without the library: "de.vat"."""
    rule: Rule = importlib.import_module(f"stdnum.{module}").validate
    return rule


def shaped(pattern: str) -> Rule:
    """The rule of a number without check digits, or with secret ones."""
    whole = re.compile(pattern, re.ASCII)

    def validate(number: str) -> None:
        if not whole.fullmatch(number):
            raise InvalidFormat

    return validate
