"""What came of subscriptions: use, cycles, charges, changes; and the subscriptions of charges that exist."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
TABLES = ("subscription_changes", "subscription_charges", "billing_cycles", "usage_records")

# A charge that was activated is a subscription. It ends when it is cancelled, or when the shop's next one for the same
# app begins: a shop pays for an app once.
SUBSCRIPTIONS = """
    INSERT INTO subscriptions (organization_id, id, app_id, shop_id, charge_id, billing_interval, billing_anchor_at,
        cancel_at_end_of_cycle, cancelled_at, test, created_at)
    SELECT c.organization_id, c.id, c.app_id, c.shop_id, c.id,
        COALESCE((SELECT MIN(t.billing_interval) FROM transactions t WHERE t.organization_id = c.organization_id
            AND t.charge_id = c.id AND t.charge_kind = 'AppSubscription'), 'EVERY_30_DAYS'),
        c.created_at, FALSE, COALESCE(c.cancelled_at, c.replaced_at), c.test, c.created_at
    FROM (SELECT charge.*,
        (SELECT MAX(e.occurred_at) FROM app_events e WHERE e.organization_id = charge.organization_id
            AND e.charge_id = charge.id AND e.type = 'SUBSCRIPTION_CHARGE_CANCELED') AS cancelled_at,
        LEAD(charge.created_at) OVER (PARTITION BY charge.organization_id, charge.app_id, charge.shop_id
            ORDER BY charge.created_at, charge.id) AS replaced_at
        FROM app_charges charge
        WHERE charge.kind = 'AppSubscription' AND EXISTS (SELECT 1 FROM app_events e
            WHERE e.organization_id = charge.organization_id AND e.charge_id = charge.id
            AND e.type = 'SUBSCRIPTION_CHARGE_ACTIVATED')) c
"""
PRICES = """
    INSERT INTO prices (organization_id, id, position, currency_code, amount_cents, active)
    SELECT s.organization_id, s.id, 1, c.currency_code, c.amount_cents, TRUE
    FROM subscriptions s JOIN app_charges c ON c.organization_id = s.organization_id AND c.id = s.charge_id
"""
ITEMS = """
    INSERT INTO subscription_items (organization_id, id, subscription_id, price_id, position, description)
    SELECT s.organization_id, s.id, s.id, s.id, 1, c.name
    FROM subscriptions s JOIN app_charges c ON c.organization_id = s.organization_id AND c.id = s.charge_id
"""
# A charge for use belongs to the shop's subscription of that time.
CHARGES = """
    INSERT INTO subscription_charges (organization_id, id, subscription_id)
    SELECT c.organization_id, c.id, s.id
    FROM app_charges c JOIN subscriptions s ON s.organization_id = c.organization_id
    WHERE s.charge_id = c.id OR (c.kind = 'AppUsageRecord' AND s.id = (
        SELECT b.id FROM subscriptions b WHERE b.organization_id = c.organization_id AND b.app_id = c.app_id
        AND b.shop_id = c.shop_id AND b.created_at <= c.created_at ORDER BY b.created_at DESC, b.id DESC LIMIT 1))
"""


def upgrade() -> None:
    create_histories()
    for statement in (SUBSCRIPTIONS, PRICES, ITEMS, CHARGES):
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def create_histories() -> None:
    op.create_table(
        "usage_records",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quantity_micros", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("charge_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.CheckConstraint("quantity_micros >= 0", name=op.f("ck_usage_records_quantity")),
        sa.ForeignKeyConstraint(
            ["organization_id", "charge_id"],
            ["app_charges.organization_id", "app_charges.id"],
            name=op.f("fk_usage_records_organization_id_charge_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "item_id"],
            ["subscription_items.organization_id", "subscription_items.id"],
            name=op.f("fk_usage_records_organization_id_item_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_usage_records_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_usage_records")),
    )
    op.create_index(
        op.f("ix_usage_records_organization_id_charge_id"),
        "usage_records",
        ["organization_id", "charge_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_usage_records_organization_id_item_id_occurred_at_id"),
        "usage_records",
        ["organization_id", "item_id", "occurred_at", "id"],
        unique=False,
    )
    op.create_table(
        "billing_cycles",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("charged_at", MOMENT, nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "subscription_id"],
            ["subscriptions.organization_id", "subscriptions.id"],
            name=op.f("fk_billing_cycles_organization_id_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "transaction_id"],
            ["transactions.organization_id", "transactions.id"],
            name=op.f("fk_billing_cycles_organization_id_transaction_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_billing_cycles_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_billing_cycles")),
        sa.UniqueConstraint(
            "organization_id",
            "subscription_id",
            "starts_at",
            name=op.f("uq_billing_cycles_organization_id_subscription_id_starts_at"),
        ),
    )
    op.create_index(
        op.f("ix_billing_cycles_organization_id_transaction_id"),
        "billing_cycles",
        ["organization_id", "transaction_id"],
        unique=False,
    )
    op.create_table(
        "subscription_charges",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("quantity_micros", sa.BigInteger(), nullable=True),
        sa.Column("capped_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("balance_used_cents", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "id"],
            ["app_charges.organization_id", "app_charges.id"],
            name=op.f("fk_subscription_charges_organization_id_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["plans.organization_id", "plans.id"],
            name=op.f("fk_subscription_charges_organization_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "subscription_id"],
            ["subscriptions.organization_id", "subscriptions.id"],
            name=op.f("fk_subscription_charges_organization_id_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_subscription_charges_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_subscription_charges")),
    )
    op.create_index(
        op.f("ix_subscription_charges_organization_id_subscription_id"),
        "subscription_charges",
        ["organization_id", "subscription_id"],
        unique=False,
    )
    op.create_table(
        "subscription_changes",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("state", sa.String(length=22), nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("cancel_effective_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('CANCELED', 'CANCELLATION_SCHEDULED', 'CREATED', 'FROZEN', 'UNFROZEN', 'UPDATED')",
            name=op.f("ck_subscription_changes_state"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["plans.organization_id", "plans.id"],
            name=op.f("fk_subscription_changes_organization_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "subscription_id"],
            ["subscriptions.organization_id", "subscriptions.id"],
            name=op.f("fk_subscription_changes_organization_id_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_subscription_changes_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_subscription_changes")),
    )
    op.create_index(
        op.f("ix_subscription_changes_organization_id_subscription_id_occurred_at_id"),
        "subscription_changes",
        ["organization_id", "subscription_id", "occurred_at", "id"],
        unique=False,
    )
