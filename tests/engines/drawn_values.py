"""Values for arguments: those that the fixtures know, those that they don't, and those that can't be read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_nullable_type,
)

# How many rows of each type the fixtures hold, or a few of them.
IDS = {
    "App": 3,
    "AppCredit": 4,
    "AppPurchaseOneTime": 11,
    "AppSubscription": 11,
    "AppUsageRecord": 11,
    "Conversation": 9,
    "Eventsink": 4,
    "Invoice": 10,
    "Job": 19,
    "MerchantUser": 9,
    "Message": 40,
    "Organization": 3,
    "Proposal": 13,
    "ReferralTransaction": 44,
    "ServiceSale": 44,
    "Shop": 8,
    "ShopifyEmployee": 2,
    "TaxTransaction": 44,
    "TeamMember": 6,
    "ThemeSale": 44,
    "AppOneTimeSale": 44,
    "AppSubscriptionSale": 44,
}
STRANGE_IDS = [
    "",
    "1",
    "gid://partners/Job",
    "gid://partners/Job/99999",
    "gid://partners/Nobody/1",
    "\0",
    "gid://x/A/1",
]
MOMENTS = ["2019-01-01T00:00:00Z", "2020-07-03T20:47:55.123456Z", "2021-01-01", "2023-05-05T05:05:05+02:00"]
TEXTS = ["", "a", "pine-and-salt.myshopify.com", "é", 'quoted " and \\', "\0", "{brace}"]
SIZES = [0, 1, 1, 2, 2, 3, 3, 4, 250, 251, -1]

# What an argument called `id` names, by the field that takes it.
_NAMED = {"app": ["App"], "job": ["Job"], "conversation": ["Conversation"]}
_NAMED["transaction"] = [name for name in IDS if name.endswith(("Sale", "Transaction"))]
_BY_ARGUMENT = {"appId": ["App"], "shopId": ["Shop"], "chargeId": ["AppSubscription", "AppUsageRecord", "AppCredit"]}


@dataclass(frozen=True)
class EnumName:
    """The name of an enum's value, which is written without quotes in a document and with them in variables."""

    name: str


class Values:
    """Draws a value for an argument: strings, numbers, booleans, EnumNames, lists and dicts of them."""

    def __init__(self, random: Random, cursors: Mapping[str, Sequence[str]]) -> None:
        self._random = random
        self._cursors = cursors

    def pick(self, choices: Sequence[Any]) -> Any:
        return self._random.choice(choices)

    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent

    def of(self, kind: GraphQLInputType, field: str, name: str) -> Any:
        """None only where the type lets it be."""
        if not isinstance(kind, GraphQLNonNull) and self.chance(8):
            return None
        inner = get_nullable_type(kind)
        if isinstance(inner, GraphQLList):
            if self.chance(10):
                return self.of(GraphQLNonNull(get_nullable_type(inner.of_type)), field, name)
            return [self.of(inner.of_type, field, name) for _ in range(self.pick([0, 1, 2, 3, 6]))]
        if isinstance(inner, GraphQLEnumType):
            return EnumName(self.pick(sorted(inner.values)))
        if isinstance(inner, GraphQLInputObjectType):
            fields = inner.fields.items()
            return {
                each: self.of(held.type, field, each)
                for each, held in fields
                if isinstance(held.type, GraphQLNonNull) or self.chance(80)
            }
        return self._leaf(inner.name, field, name)

    def _leaf(self, kind: str, field: str, name: str) -> Any:
        if kind == "ID":
            return self._id(_BY_ARGUMENT.get(name) or _NAMED.get(field) or list(IDS))
        if kind == "Int":
            return self.pick(SIZES)
        if kind == "Boolean":
            return self.pick([True, False])
        if kind == "DateTime":
            return self.pick(MOMENTS)
        if kind == "Decimal":
            return self.pick(["9.99", "0", "-1.5", "0.001"])
        if kind == "Url":
            return self.pick(["https://example.com/æ?x=1", "fjellbutikken.myshopify.com", "nobody.example"])
        if name in ("after", "before"):
            usual = self._cursors.get(field, ())
            return self.pick([*usual, *usual, "", "x", *self._cursors["jobs"][:1]])
        return self.pick(TEXTS)

    def _id(self, typenames: Sequence[str]) -> str:
        if self.chance(15):
            return self.pick(STRANGE_IDS)
        typename = self.pick(sorted(IDS) if self.chance(8) else typenames)
        host = self.pick(["partners", "partners", "shopify"])
        return f"gid://{host}/{typename}/{self._random.randint(1, IDS[typename])}"


def literal(value: Any) -> str:
    """As it is written in a document."""
    if isinstance(value, EnumName):
        return value.name
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal(item)}" for name, item in value.items()) + "}"
    return json.dumps(value)


def given(value: Any) -> Any:
    """As it is sent among the variables."""
    if isinstance(value, EnumName):
        return value.name
    if isinstance(value, list):
        return list(map(given, value))
    if isinstance(value, dict):
        return {name: given(item) for name, item in value.items()}
    return value


def may_be_left_out(argument: GraphQLArgument) -> bool:
    return not isinstance(argument.type, GraphQLNonNull)
