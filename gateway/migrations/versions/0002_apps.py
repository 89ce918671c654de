"""Apps with their charges, events and event sinks, and the transactions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    op.create_table(
        "apps",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("api_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_apps_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_apps"),
        sa.UniqueConstraint("organization_id", "api_key", name="uq_apps_organization_id_api_key"),
    )
    op.create_table(
        "app_charges",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=18), nullable=False),
        sa.Column("app_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("billing_on", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('AppPurchaseOneTime', 'AppSubscription', 'AppUsageRecord')", name=op.f("ck_app_charges_kind")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "app_id"],
            ["apps.organization_id", "apps.id"],
            name="fk_app_charges_organization_id_app_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_app_charges_organization_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_app_charges_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_app_charges"),
    )
    op.create_index("ix_app_charges_organization_id_app_id", "app_charges", ["organization_id", "app_id"], unique=False)
    op.create_index(
        "ix_app_charges_organization_id_shop_id", "app_charges", ["organization_id", "shop_id"], unique=False
    )
    op.create_table(
        "app_credits",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("app_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "app_id"],
            ["apps.organization_id", "apps.id"],
            name="fk_app_credits_organization_id_app_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_app_credits_organization_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_app_credits_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_app_credits"),
    )
    op.create_index("ix_app_credits_organization_id_app_id", "app_credits", ["organization_id", "app_id"], unique=False)
    op.create_index(
        "ix_app_credits_organization_id_shop_id", "app_credits", ["organization_id", "shop_id"], unique=False
    )
    op.create_table(
        "eventsinks",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("app_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("aws_user_arn", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "topic IN ('CUSTOMER_EVENTS_CREATE', 'CUSTOMERS_REDACT', 'DELIVERY_PROMISES_CREATE')",
            name=op.f("ck_eventsinks_topic"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "app_id"],
            ["apps.organization_id", "apps.id"],
            name="fk_eventsinks_organization_id_app_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_eventsinks_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_eventsinks"),
        sa.UniqueConstraint(
            "organization_id",
            "app_id",
            "topic",
            "aws_user_arn",
            name="uq_eventsinks_organization_id_app_id_topic_aws_user_arn",
        ),
    )
    op.create_table(
        "transactions",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=23), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("app_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("charge_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("charge_kind", sa.String(length=18), nullable=True),
        sa.Column("billing_interval", sa.String(length=13), nullable=True),
        sa.Column("gross_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("shopify_fee_cents", sa.BigInteger(), nullable=True),
        sa.Column("processing_fee_cents", sa.BigInteger(), nullable=True),
        sa.Column("regulatory_operating_fee_cents", sa.BigInteger(), nullable=True),
        sa.Column("net_amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=False),
        sa.Column("referral_category", sa.String(length=30), nullable=True),
        sa.Column("tax_type", sa.String(length=19), nullable=True),
        sa.Column("theme_name", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "billing_interval IN ('EVERY_30_DAYS', 'ANNUAL')", name=op.f("ck_transactions_billing_interval")
        ),
        sa.CheckConstraint(
            "charge_kind IN ('AppPurchaseOneTime', 'AppSubscription', 'AppUsageRecord')",
            name=op.f("ck_transactions_charge_kind"),
        ),
        sa.CheckConstraint(
            "referral_category IN ('AFFILIATE_STORES', 'TRANSFERRED_STORES', 'SHOPIFY_PLUS', 'POINT_OF_SALE', 'INTUIT_POINT_OF_SALE', 'MARKETS_PRO', 'POS_SHOPIFY_PAYMENTS_PROFIT', 'SHOPIFY_PLUS_ONE_TIME_REFERRAL')",
            name=op.f("ck_transactions_referral_category"),
        ),
        sa.CheckConstraint(
            "tax_type IN ('SALE_SHOPIFY_FEE', 'SALE_FEES', 'REFERRAL_COMMISSION')",
            name=op.f("ck_transactions_tax_type"),
        ),
        sa.CheckConstraint(
            "type IN ('SERVICE_SALE', 'SERVICE_SALE_ADJUSTMENT', 'THEME_SALE', 'THEME_SALE_ADJUSTMENT', 'APP_ONE_TIME_SALE', 'APP_SUBSCRIPTION_SALE', 'APP_USAGE_SALE', 'APP_SALE_CREDIT', 'APP_SALE_ADJUSTMENT', 'REFERRAL', 'REFERRAL_ADJUSTMENT', 'TAX', 'LEGACY')",
            name=op.f("ck_transactions_type"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "app_id"],
            ["apps.organization_id", "apps.id"],
            name="fk_transactions_organization_id_app_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_transactions_organization_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_transactions_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_transactions"),
    )
    op.create_index(
        "ix_transactions_organization_id_app_id_created_at_id",
        "transactions",
        ["organization_id", "app_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_transactions_organization_id_created_at_id",
        "transactions",
        ["organization_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_transactions_organization_id_shop_id_created_at_id",
        "transactions",
        ["organization_id", "shop_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_transactions_organization_id_type_created_at_id",
        "transactions",
        ["organization_id", "type", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "app_events",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=38), nullable=False),
        sa.Column("app_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("charge_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("credit_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "type IN ('RELATIONSHIP_INSTALLED', 'RELATIONSHIP_UNINSTALLED', 'RELATIONSHIP_REACTIVATED', 'RELATIONSHIP_DEACTIVATED', 'ONE_TIME_CHARGE_ACCEPTED', 'ONE_TIME_CHARGE_ACTIVATED', 'ONE_TIME_CHARGE_DECLINED', 'ONE_TIME_CHARGE_EXPIRED', 'SUBSCRIPTION_CHARGE_ACCEPTED', 'SUBSCRIPTION_CHARGE_ACTIVATED', 'SUBSCRIPTION_CHARGE_CANCELED', 'SUBSCRIPTION_CHARGE_DECLINED', 'SUBSCRIPTION_CHARGE_EXPIRED', 'SUBSCRIPTION_CHARGE_FROZEN', 'SUBSCRIPTION_CHARGE_UNFROZEN', 'SUBSCRIPTION_CAPPED_AMOUNT_UPDATED', 'SUBSCRIPTION_APPROACHING_CAPPED_AMOUNT', 'CREDIT_APPLIED', 'CREDIT_FAILED', 'CREDIT_PENDING', 'USAGE_CHARGE_APPLIED')",
            name=op.f("ck_app_events_type"),
        ),
        sa.CheckConstraint("(type LIKE 'CREDIT%') = (credit_id IS NOT NULL)", name=op.f("ck_app_events_credit")),
        sa.CheckConstraint(
            "(type LIKE '%CHARGE%' OR type LIKE '%CAPPED%') = (charge_id IS NOT NULL)",
            name=op.f("ck_app_events_charge"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "app_id"],
            ["apps.organization_id", "apps.id"],
            name="fk_app_events_organization_id_app_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "charge_id"],
            ["app_charges.organization_id", "app_charges.id"],
            name="fk_app_events_organization_id_charge_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "credit_id"],
            ["app_credits.organization_id", "app_credits.id"],
            name="fk_app_events_organization_id_credit_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_app_events_organization_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_app_events_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_app_events"),
    )
    op.create_index(
        "ix_app_events_organization_id_app_id_occurred_at_id",
        "app_events",
        ["organization_id", "app_id", "occurred_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_app_events_organization_id_charge_id", "app_events", ["organization_id", "charge_id"], unique=False
    )
    op.create_index(
        "ix_app_events_organization_id_credit_id", "app_events", ["organization_id", "credit_id"], unique=False
    )
    op.create_index("ix_app_events_organization_id_shop_id", "app_events", ["organization_id", "shop_id"], unique=False)
    op.create_table(
        "eventsink_queues",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("eventsink_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "eventsink_id"],
            ["eventsinks.organization_id", "eventsinks.id"],
            name="fk_eventsink_queues_organization_id_eventsink_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_eventsink_queues_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "eventsink_id", "position", name="pk_eventsink_queues"),
    )


def downgrade() -> None:
    op.drop_table("eventsink_queues")
    op.drop_table("app_events")
    op.drop_table("transactions")
    op.drop_table("eventsinks")
    op.drop_table("app_credits")
    op.drop_table("app_charges")
    op.drop_table("apps")
