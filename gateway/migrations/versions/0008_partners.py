"""Partners with their places, languages, industries, links and offerings."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
# Both databases compare these byte by byte.
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    make_partners()
    make_lists()
    make_offerings()


def make_partners() -> None:
    op.create_table(
        "partners",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", KEY, nullable=False),
        sa.Column("slug", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("tier", sa.String(length=8), nullable=True),
        sa.Column("accepts_new_clients", sa.Boolean(), nullable=False),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("city_key", KEY, nullable=True),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("website_url", sa.Text(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("listed_at", MOMENT, nullable=True),
        sa.Column("review_count", sa.Integer(), nullable=False),
        sa.Column("quality_total_hundredths", sa.BigInteger(), nullable=False),
        sa.Column("communication_total_hundredths", sa.BigInteger(), nullable=False),
        sa.Column(
            "average_rating_millionths",
            sa.BigInteger(),
            sa.Computed(
                "CASE WHEN review_count = 0 THEN 0 ELSE (quality_total_hundredths + communication_total_hundredths) * 5000 / review_count END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("starting_price_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "price_or_highest_cents",
            sa.BigInteger(),
            sa.Computed("coalesce(starting_price_cents, 9223372036854775807)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "price_or_lowest_cents",
            sa.BigInteger(),
            sa.Computed("coalesce(starting_price_cents, -1)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint("tier IN ('SELECT', 'PLUS', 'PREMIER', 'PLATINUM')", name=op.f("ck_partners_tier")),
        sa.CheckConstraint("NOT listed OR listed_at IS NOT NULL", name=op.f("ck_partners_listed_at")),
        sa.CheckConstraint(
            "communication_total_hundredths BETWEEN 100 * review_count AND 500 * review_count",
            name=op.f("ck_partners_communication_total_hundredths"),
        ),
        sa.CheckConstraint(
            "quality_total_hundredths BETWEEN 100 * review_count AND 500 * review_count",
            name=op.f("ck_partners_quality_total_hundredths"),
        ),
        sa.CheckConstraint("review_count >= 0", name=op.f("ck_partners_review_count")),
        sa.CheckConstraint("starting_price_cents >= 0", name=op.f("ck_partners_starting_price_cents")),
        sa.ForeignKeyConstraint(["country_code"], ["countries.code"], name="fk_partners_country_code"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_partners_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_partners"),
        sa.UniqueConstraint("organization_id", name="uq_partners_organization_id"),
        sa.UniqueConstraint("slug", name="uq_partners_slug"),
    )
    op.create_index(
        "ix_partners_listed_accepts_new_clients", "partners", ["listed", "accepts_new_clients"], unique=False
    )
    op.create_index(
        "ix_partners_listed_average_rating_millionths_id",
        "partners",
        ["listed", "average_rating_millionths", "id"],
        unique=False,
    )
    op.create_index("ix_partners_listed_city_key", "partners", ["listed", "city_key"], unique=False)
    op.create_index("ix_partners_listed_country_code", "partners", ["listed", "country_code"], unique=False)
    op.create_index("ix_partners_listed_name_key_id", "partners", ["listed", "name_key", "id"], unique=False)
    op.create_index(
        "ix_partners_listed_price_or_highest_cents_id",
        "partners",
        ["listed", "price_or_highest_cents", "id"],
        unique=False,
    )
    op.create_index(
        "ix_partners_listed_price_or_lowest_cents_id",
        "partners",
        ["listed", "price_or_lowest_cents", "id"],
        unique=False,
    )
    op.create_index("ix_partners_listed_tier", "partners", ["listed", "tier"], unique=False)


def make_lists() -> None:
    op.create_table(
        "partner_locations",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("city_key", KEY, nullable=True),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(["country_code"], ["countries.code"], name="fk_partner_locations_country_code"),
        sa.ForeignKeyConstraint(
            ["organization_id", "partner_id"],
            ["partners.organization_id", "partners.id"],
            name="fk_partner_locations_organization_id_partner_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_partner_locations_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "partner_id", "position", name="pk_partner_locations"),
    )
    op.create_index(
        "ix_partner_locations_city_key_organization_id",
        "partner_locations",
        ["city_key", "organization_id"],
        unique=False,
    )
    op.create_index(
        "ix_partner_locations_country_code_organization_id",
        "partner_locations",
        ["country_code", "organization_id"],
        unique=False,
    )
    op.create_table(
        "partner_languages",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language_code", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["language_code"], ["languages.code"], name="fk_partner_languages_language_code"),
        sa.ForeignKeyConstraint(
            ["organization_id", "partner_id"],
            ["partners.organization_id", "partners.id"],
            name="fk_partner_languages_organization_id_partner_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_partner_languages_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "partner_id", "language_code", name="pk_partner_languages"),
    )
    op.create_index(
        "ix_partner_languages_language_code_organization_id",
        "partner_languages",
        ["language_code", "organization_id"],
        unique=False,
    )
    op.create_table(
        "partner_industries",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("industry_handle", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["industry_handle"], ["industries.handle"], name="fk_partner_industries_industry_handle"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "partner_id"],
            ["partners.organization_id", "partners.id"],
            name="fk_partner_industries_organization_id_partner_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_partner_industries_organization_id"
        ),
        sa.PrimaryKeyConstraint("organization_id", "partner_id", "industry_handle", name="pk_partner_industries"),
    )
    op.create_index(
        "ix_partner_industries_industry_handle_organization_id",
        "partner_industries",
        ["industry_handle", "organization_id"],
        unique=False,
    )
    op.create_table(
        "partner_social_links",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "partner_id"],
            ["partners.organization_id", "partners.id"],
            name="fk_partner_social_links_organization_id_partner_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_partner_social_links_organization_id"
        ),
        sa.PrimaryKeyConstraint("organization_id", "partner_id", "position", name="pk_partner_social_links"),
    )


def make_offerings() -> None:
    op.create_table(
        "service_offerings",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("service_handle", sa.String(length=100), nullable=False),
        sa.Column("pricing", sa.String(length=11), nullable=False),
        sa.Column("min_price_cents", sa.BigInteger(), nullable=True),
        sa.Column("max_price_cents", sa.BigInteger(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("featured", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "CASE pricing WHEN 'STARTING_AT' THEN min_price_cents IS NOT NULL AND max_price_cents IS NULL WHEN 'RANGE' THEN min_price_cents IS NOT NULL AND max_price_cents IS NOT NULL AND min_price_cents <= max_price_cents ELSE min_price_cents IS NULL AND max_price_cents IS NULL END",
            name=op.f("ck_service_offerings_prices"),
        ),
        sa.CheckConstraint("pricing IN ('STARTING_AT', 'RANGE', 'CONTACT')", name=op.f("ck_service_offerings_pricing")),
        sa.CheckConstraint("min_price_cents >= 0", name=op.f("ck_service_offerings_min_price_cents")),
        sa.ForeignKeyConstraint(
            ["organization_id", "partner_id"],
            ["partners.organization_id", "partners.id"],
            name="fk_service_offerings_organization_id_partner_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_service_offerings_organization_id"),
        sa.ForeignKeyConstraint(
            ["service_handle"], ["directory_services.handle"], name="fk_service_offerings_service_handle"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_service_offerings"),
        sa.UniqueConstraint(
            "organization_id",
            "partner_id",
            "service_handle",
            name="uq_service_offerings_organization_id_partner_id_service_handle",
        ),
    )
    op.create_index(
        "ix_service_offerings_prices",
        "service_offerings",
        ["organization_id", "partner_id", "min_price_cents", "max_price_cents"],
        unique=False,
    )
    op.create_index(
        "ix_service_offerings_search",
        "service_offerings",
        ["service_handle", "organization_id", "min_price_cents", "max_price_cents"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("service_offerings")
    op.drop_table("partner_social_links")
    op.drop_table("partner_industries")
    op.drop_table("partner_languages")
    op.drop_table("partner_locations")
    op.drop_table("partners")
