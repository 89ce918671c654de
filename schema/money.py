"""Amounts with their currency."""

from decimal import Decimal as PythonDecimal

import strawberry
from strawberry import UNSET

from gateway.models.money import Currency
from schema.base import column, computed, enum
from schema.scalars import Decimal

enum(Currency, "The code of a currency, ISO 4217 and a few that came before or beside it.")


def from_cents(amount_cents: int) -> PythonDecimal:
    return PythonDecimal(amount_cents).scaleb(-2)


@strawberry.type(description="An amount of money.")
class Money:
    amount: Decimal = computed(from_cents, "amount_cents", description="How much, with two decimal places.")
    currency_code: Currency = column("currency_code", "In which currency.")


@strawberry.input(description="An amount of money. Both fields are needed wherever it is asked for.")
class MoneyInput:
    amount: Decimal | None = strawberry.field(default=UNSET, description="How much.")
    currency_code: Currency | None = strawberry.field(default=UNSET, description="In which currency.")
