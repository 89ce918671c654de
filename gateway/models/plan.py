"""What an app costs: plans, their prices, and the tiers of a price that depends on use."""

from enum import StrEnum

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Integer, String, Table, UniqueConstraint

from gateway.models.base import (
    belongs_to,
    cents,
    choice,
    currency_code,
    id_column,
    metadata,
    moment,
    of_organization,
    one_of,
)
from gateway.models.transaction import AppPricingInterval


class TiersMode(StrEnum):
    GRADUATED = "GRADUATED"
    VOLUME = "VOLUME"


plans = Table(
    "plans",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("app_id", nullable=False),
    Column("handle", String(255), nullable=False),
    choice("billing_interval", AppPricingInterval),
    Column("trial_days", Integer, nullable=True),
    moment("created_at"),
    one_of("billing_interval", AppPricingInterval),
    belongs_to("apps", "app_id"),
    UniqueConstraint("organization_id", "app_id", "handle"),
)

# A price is flat (`amount_cents` for each cycle) or has tiers (`tiers_mode`). One that belongs to no plan was agreed on
# with a shop. An inactive one is kept for those who still pay it.
prices = Table(
    "prices",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("plan_id", nullable=True),
    Column("position", Integer, nullable=False),
    currency_code(),
    cents("amount_cents", nullable=True),
    choice("tiers_mode", TiersMode, nullable=True),
    Column("active", Boolean, nullable=False),
    one_of("tiers_mode", TiersMode),
    CheckConstraint("(amount_cents IS NULL) = (tiers_mode IS NOT NULL)", name="flat_or_tiered"),
    belongs_to("plans", "plan_id"),
    Index(None, "organization_id", "plan_id"),
)

# A tier holds the units from the one after the tier before it up to `up_to`, that one among them; the last has no end.
# A unit may cost less than a cent, so it is told in millionths of the currency.
price_tiers = Table(
    "price_tiers",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("price_id", nullable=False),
    Column("position", Integer, nullable=False),
    Column("up_to", Integer, nullable=True),
    cents("amount_cents"),
    Column("amount_per_unit_micros", BigInteger, nullable=False),
    belongs_to("prices", "price_id"),
    UniqueConstraint("organization_id", "price_id", "position"),
)
