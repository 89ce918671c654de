"""What partners ask for a service, in US dollars."""

from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table, UniqueConstraint

from gateway.models.base import belongs_to, cents, choice, id_column, metadata, of_organization, one_of, text
from gateway.models.directory import directory_services, of_directory, word


class Pricing(StrEnum):
    STARTING_AT = "STARTING_AT"
    RANGE = "RANGE"
    CONTACT = "CONTACT"


service_offerings = Table(
    "service_offerings",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("partner_id", nullable=False),
    word("service_handle", directory_services.c.handle),
    choice("pricing", Pricing),
    cents("min_price_cents", nullable=True),
    cents("max_price_cents", nullable=True),
    text("description", nullable=True),
    Column("featured", Boolean, nullable=False),
    one_of("pricing", Pricing),
    CheckConstraint("min_price_cents >= 0", name="min_price_cents"),
    CheckConstraint(
        "CASE pricing"
        " WHEN 'STARTING_AT' THEN min_price_cents IS NOT NULL AND max_price_cents IS NULL"
        " WHEN 'RANGE' THEN min_price_cents IS NOT NULL AND max_price_cents IS NOT NULL"
        " AND min_price_cents <= max_price_cents"
        " ELSE min_price_cents IS NULL AND max_price_cents IS NULL END",
        name="prices",
    ),
    belongs_to("partners", "partner_id"),
    of_directory("service_handle", directory_services.c.handle),
    UniqueConstraint("organization_id", "partner_id", "service_handle"),
    # All that a search asks of offerings, so that it need not look at the rows.
    Index("ix_service_offerings_search", "service_handle", "organization_id", "min_price_cents", "max_price_cents"),
    Index("ix_service_offerings_prices", "organization_id", "partner_id", "min_price_cents", "max_price_cents"),
)
