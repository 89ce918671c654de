"""Merchants who asked a partner for help, with what they need and how they can be reached."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Index, String, Table

from gateway.models.base import belongs_to, cents, choice, id_column, metadata, moment, of_organization, one_of, text
from gateway.models.directory import countries, directory_services, of_directory, word


class LeadStatus(StrEnum):
    NEW = "NEW"
    CONTACTED = "CONTACTED"
    WON = "WON"
    LOST = "LOST"
    ARCHIVED = "ARCHIVED"


leads = Table(
    "leads",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("partner_id", nullable=False),
    id_column("shop_id", nullable=False),
    id_column("merchant_user_id", nullable=True),
    text("contact_name"),
    text("contact_email"),
    word("contact_country_code", countries.c.code),
    word("service_handle", directory_services.c.handle),
    cents("budget_cents", nullable=True),
    Column("currency_code", String(3), nullable=True),
    text("description"),
    choice("status", LeadStatus),
    moment("created_at"),
    moment("updated_at"),
    moment("emailed_at", nullable=True),
    one_of("status", LeadStatus),
    CheckConstraint("budget_cents >= 0", name="budget_cents"),
    CheckConstraint("(budget_cents IS NULL) = (currency_code IS NULL)", name="currency_code"),
    belongs_to("partners", "partner_id"),
    belongs_to("shops", "shop_id", tenant=False),
    belongs_to("merchant_users", "merchant_user_id", tenant=False),
    of_directory("contact_country_code", countries.c.code),
    of_directory("service_handle", directory_services.c.handle),
    Index(None, "organization_id", "created_at", "id"),
    Index(None, "organization_id", "status", "created_at", "id"),
    Index(None, "organization_id", "service_handle", "created_at", "id"),
    Index(None, "organization_id", "shop_id"),
    Index(None, "organization_id", "merchant_user_id"),
    Index(None, "shop_id", "created_at", "id"),
)
