"""Amounts with their currency."""

from decimal import Decimal as ExactDecimal

import strawberry
from strawberry import UNSET

from gateway.models.money import Currency
from schema.base import column, computed, enum
from schema.scalars import Decimal

enum(Currency, "The code of a currency, ISO 4217 and a few that came before or beside it.")


def exact(amount: ExactDecimal) -> str:
    """As many decimal places as the amount has, and at least two."""
    whole, _, fraction = format(amount, "f").partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"


def from_cents(amount_cents: int | ExactDecimal) -> str:
    """The amount as it goes over the wire. A Decimal for each would take four times as long, and end as the same.

    What is computed may have parts of a cent.
    """
    if amount_cents.__class__ is not int:
        return exact(amount_cents / ExactDecimal(100))
    whole, cents = divmod(abs(amount_cents), 100)
    return f"{'-' if amount_cents < 0 else ''}{whole}.{cents:02d}"


@strawberry.type(description="An amount of money.")
class Money:
    amount: Decimal = computed(
        from_cents,
        "amount_cents",
        description="How much, with two decimal places; with more where it is computed to parts of a cent.",
    )
    currency_code: Currency = column("currency_code", "In which currency.")


@strawberry.input(description="An amount of money. Both fields are needed wherever it is asked for.")
class MoneyInput:
    amount: Decimal | None = strawberry.field(default=UNSET, description="How much.")
    currency_code: Currency | None = strawberry.field(default=UNSET, description="In which currency.")
