"""Plans with their prices, and what shops subscribe to."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
TABLES = (
    "subscription_discounts",
    "subscription_items",
    "pending_updates",
    "subscriptions",
    "price_tiers",
    "prices",
    "plans",
)


def upgrade() -> None:
    create_plans()
    create_subscriptions()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def create_plans() -> None:
    op.create_table(
        "plans",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("app_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("handle", sa.String(length=255), nullable=False),
        sa.Column("billing_interval", sa.String(length=13), nullable=False),
        sa.Column("trial_days", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("billing_interval IN ('EVERY_30_DAYS', 'ANNUAL')", name=op.f("ck_plans_billing_interval")),
        sa.ForeignKeyConstraint(
            ["organization_id", "app_id"],
            ["apps.organization_id", "apps.id"],
            name=op.f("fk_plans_organization_id_app_id"),
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_plans_organization_id")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_plans")),
        sa.UniqueConstraint("organization_id", "app_id", "handle", name=op.f("uq_plans_organization_id_app_id_handle")),
    )
    op.create_table(
        "prices",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("tiers_mode", sa.String(length=9), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("tiers_mode IN ('GRADUATED', 'VOLUME')", name=op.f("ck_prices_tiers_mode")),
        sa.CheckConstraint("(amount_cents IS NULL) = (tiers_mode IS NOT NULL)", name=op.f("ck_prices_flat_or_tiered")),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["plans.organization_id", "plans.id"],
            name=op.f("fk_prices_organization_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_prices_organization_id")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_prices")),
    )
    op.create_index(op.f("ix_prices_organization_id_plan_id"), "prices", ["organization_id", "plan_id"], unique=False)
    op.create_table(
        "price_tiers",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("price_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("amount_per_unit_micros", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "price_id"],
            ["prices.organization_id", "prices.id"],
            name=op.f("fk_price_tiers_organization_id_price_id"),
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_price_tiers_organization_id")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_price_tiers")),
        sa.UniqueConstraint(
            "organization_id", "price_id", "position", name=op.f("uq_price_tiers_organization_id_price_id_position")
        ),
    )


def create_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("app_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("charge_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("billing_interval", sa.String(length=13), nullable=False),
        sa.Column("billing_anchor_at", MOMENT, nullable=False),
        sa.Column("trial_ends_at", MOMENT, nullable=True),
        sa.Column("cancel_at_end_of_cycle", sa.Boolean(), nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "billing_interval IN ('EVERY_30_DAYS', 'ANNUAL')", name=op.f("ck_subscriptions_billing_interval")
        ),
        sa.CheckConstraint(
            "cancelled_at IS NOT NULL OR NOT cancel_at_end_of_cycle", name=op.f("ck_subscriptions_cancelled_when")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "app_id"],
            ["apps.organization_id", "apps.id"],
            name=op.f("fk_subscriptions_organization_id_app_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "charge_id"],
            ["app_charges.organization_id", "app_charges.id"],
            name=op.f("fk_subscriptions_organization_id_charge_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["plans.organization_id", "plans.id"],
            name=op.f("fk_subscriptions_organization_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_subscriptions_organization_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_subscriptions_shop_id")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_subscriptions")),
    )
    op.create_index(
        op.f("ix_subscriptions_organization_id_app_id_shop_id_created_at_id"),
        "subscriptions",
        ["organization_id", "app_id", "shop_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscriptions_organization_id_charge_id"),
        "subscriptions",
        ["organization_id", "charge_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscriptions_organization_id_shop_id"), "subscriptions", ["organization_id", "shop_id"], unique=False
    )
    op.create_index(
        "uq_subscriptions_running",
        "subscriptions",
        ["organization_id", "app_id", "shop_id"],
        unique=True,
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_table(
        "pending_updates",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("charge_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("billing_interval", sa.String(length=13), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "billing_interval IN ('EVERY_30_DAYS', 'ANNUAL')", name=op.f("ck_pending_updates_billing_interval")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "charge_id"],
            ["app_charges.organization_id", "app_charges.id"],
            name=op.f("fk_pending_updates_organization_id_charge_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "subscription_id"],
            ["subscriptions.organization_id", "subscriptions.id"],
            name=op.f("fk_pending_updates_organization_id_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_pending_updates_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_pending_updates")),
        sa.UniqueConstraint(
            "organization_id", "subscription_id", name=op.f("uq_pending_updates_organization_id_subscription_id")
        ),
    )
    op.create_table(
        "subscription_items",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pending_update_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("price_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=255), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "pending_update_id"],
            ["pending_updates.organization_id", "pending_updates.id"],
            name=op.f("fk_subscription_items_organization_id_pending_update_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "price_id"],
            ["prices.organization_id", "prices.id"],
            name=op.f("fk_subscription_items_organization_id_price_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "subscription_id"],
            ["subscriptions.organization_id", "subscriptions.id"],
            name=op.f("fk_subscription_items_organization_id_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_subscription_items_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_subscription_items")),
    )
    op.create_index(
        op.f("ix_subscription_items_organization_id_pending_update_id"),
        "subscription_items",
        ["organization_id", "pending_update_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscription_items_organization_id_subscription_id"),
        "subscription_items",
        ["organization_id", "subscription_id"],
        unique=False,
    )
    op.create_table(
        "subscription_discounts",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("basis_points", sa.Integer(), nullable=True),
        sa.Column("cycles", sa.Integer(), nullable=True),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(amount_cents IS NULL) = (basis_points IS NOT NULL)",
            name=op.f("ck_subscription_discounts_amount_or_share"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "id"],
            ["subscription_items.organization_id", "subscription_items.id"],
            name=op.f("fk_subscription_discounts_organization_id_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_subscription_discounts_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_subscription_discounts")),
    )
