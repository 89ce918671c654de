"""The one stream of events: a table that the database fills itself, of the rows behind each event.

The same statement fills it for the rows that are there, and runs in triggers for those that come: on PostgreSQL over
all rows of a statement, on SQLite for each row.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")

THEMES = """
    INSERT INTO themes (organization_id, id, name)
    SELECT e.organization_id, MIN(e.id), e.theme_name FROM {source} e WHERE e.theme_name IS NOT NULL{that}
    GROUP BY e.organization_id, e.theme_name
    ON CONFLICT (organization_id, name) DO NOTHING
"""
OF_APP_EVENTS = """
    INSERT INTO partner_events (organization_id, id, source, type, occurred_at, subject_type, subject_id, shop_id,
        charge_id, charge_kind, amount_cents, currency_code, description, reason, cancel_effective_at)
    SELECT e.organization_id, e.id, 1,
        CASE e.type
            WHEN 'ONE_TIME_CHARGE_ACTIVATED' THEN 'CHARGE_ONE_TIME'
            WHEN 'USAGE_CHARGE_APPLIED' THEN 'CHARGE_USAGE'
            WHEN 'SUBSCRIPTION_CHARGE_ACTIVATED' THEN 'SUBSCRIPTION_CREATED'
            WHEN 'SUBSCRIPTION_CHARGE_CANCELED' THEN 'SUBSCRIPTION_CANCELED'
            WHEN 'SUBSCRIPTION_CHARGE_FROZEN' THEN 'SUBSCRIPTION_FROZEN'
            WHEN 'SUBSCRIPTION_CHARGE_UNFROZEN' THEN 'SUBSCRIPTION_UNFROZEN'
            WHEN 'SUBSCRIPTION_CAPPED_AMOUNT_UPDATED' THEN 'SUBSCRIPTION_UPDATED'
            ELSE e.type END,
        e.occurred_at, 'APP', e.app_id, e.shop_id, e.charge_id, c.kind,
        COALESCE(k.amount_cents, c.amount_cents), COALESCE(k.currency_code, c.currency_code),
        CASE WHEN e.charge_id IS NULL AND e.credit_id IS NULL THEN e.description ELSE COALESCE(k.name, c.name) END,
        e.reason, CASE WHEN e.type = 'SUBSCRIPTION_CHARGE_CANCELED' THEN e.occurred_at END
    FROM {source} e
        LEFT JOIN app_charges c ON c.organization_id = e.organization_id AND c.id = e.charge_id
        LEFT JOIN app_credits k ON k.organization_id = e.organization_id AND k.id = e.credit_id
    WHERE (e.type LIKE 'RELATIONSHIP%' OR e.type LIKE 'CREDIT%' OR e.type IN ('ONE_TIME_CHARGE_ACTIVATED',
        'USAGE_CHARGE_APPLIED', 'SUBSCRIPTION_CHARGE_ACTIVATED', 'SUBSCRIPTION_CHARGE_CANCELED',
        'SUBSCRIPTION_CHARGE_FROZEN', 'SUBSCRIPTION_CHARGE_UNFROZEN', 'SUBSCRIPTION_CAPPED_AMOUNT_UPDATED')){that}
"""
# A correction that takes money back is a refund. The gross amount of a sale may be unknown; then it is made of its
# parts.
OF_TRANSACTIONS = """
    INSERT INTO partner_events (organization_id, id, source, type, occurred_at, subject_type, subject_id, shop_id,
        charge_id, charge_kind, amount_cents, net_amount_cents, shopify_fee_cents, currency_code)
    SELECT e.organization_id, e.id, 2,
        CASE
            WHEN e.type IN ('APP_ONE_TIME_SALE', 'THEME_SALE') THEN 'EARNING_CHARGE_ONE_TIME'
            WHEN e.type = 'APP_SUBSCRIPTION_SALE' THEN 'EARNING_CHARGE_RECURRING'
            WHEN e.type = 'APP_USAGE_SALE' THEN 'EARNING_CHARGE_USAGE'
            WHEN e.type = 'APP_SALE_CREDIT' THEN 'EARNING_CREDIT'
            WHEN COALESCE(e.gross_amount_cents, e.net_amount_cents) < 0 THEN 'EARNING_REFUND'
            ELSE 'EARNING_ADJUSTMENT' END,
        e.created_at, CASE WHEN t.id IS NULL THEN 'APP' ELSE 'THEME' END, COALESCE(t.id, e.app_id), e.shop_id,
        e.charge_id, e.charge_kind,
        COALESCE(e.gross_amount_cents, e.net_amount_cents + COALESCE(e.shopify_fee_cents, 0)
            + COALESCE(e.processing_fee_cents, 0) + COALESCE(e.regulatory_operating_fee_cents, 0)),
        e.net_amount_cents, COALESCE(e.shopify_fee_cents, 0), e.currency_code
    FROM {source} e LEFT JOIN themes t ON t.organization_id = e.organization_id AND t.name = e.theme_name
    WHERE (e.type LIKE 'APP%' OR e.type LIKE 'THEME%') AND (t.id IS NOT NULL OR e.app_id IS NOT NULL){that}
"""
OF_CHANGES = """
    INSERT INTO partner_events (organization_id, id, source, type, occurred_at, subject_type, subject_id, shop_id,
        charge_id, charge_kind, subscription_id, plan_id, cancel_effective_at)
    SELECT e.organization_id, e.id, 3, 'SUBSCRIPTION_' || e.state, e.occurred_at, 'APP', s.app_id, s.shop_id,
        s.charge_id, CASE WHEN s.charge_id IS NULL THEN NULL ELSE 'AppSubscription' END, s.id,
        COALESCE(e.plan_id, s.plan_id), e.cancel_effective_at
    FROM {source} e JOIN subscriptions s ON s.organization_id = e.organization_id AND s.id = e.subscription_id
    WHERE TRUE{that}
"""
OF_CYCLES = """
    INSERT INTO partner_events (organization_id, id, source, type, occurred_at, subject_type, subject_id, shop_id,
        charge_id, charge_kind, subscription_id, plan_id, amount_cents, currency_code, description)
    SELECT e.organization_id, e.id, 4, 'CHARGE_RECURRING', e.charged_at, 'APP', s.app_id, s.shop_id,
        s.charge_id, CASE WHEN s.charge_id IS NULL THEN NULL ELSE 'AppSubscription' END, s.id, s.plan_id,
        e.amount_cents, e.currency_code, c.name
    FROM {source} e JOIN subscriptions s ON s.organization_id = e.organization_id AND s.id = e.subscription_id
        LEFT JOIN app_charges c ON c.organization_id = s.organization_id AND c.id = s.charge_id
    WHERE TRUE{that}
"""
# By the table of the rows behind: what is run for them, in order, and the number that they have as a source.
SOURCES = {
    "app_events": ((OF_APP_EVENTS,), 1),
    "transactions": ((THEMES, OF_TRANSACTIONS), 2),
    "subscription_changes": ((OF_CHANGES,), 3),
    "billing_cycles": ((OF_CYCLES,), 4),
}


def upgrade() -> None:
    create_tables()
    for table, (statements, number) in SOURCES.items():
        for statement in statements:
            op.execute(statement.format(source=table, that=""))
        add_triggers(table, statements, number)


def add_triggers(table: str, statements: tuple[str, ...], number: int) -> None:
    """Rows that go take their event with them; rows are never changed."""
    gone = (
        f"DELETE FROM partner_events WHERE organization_id = OLD.organization_id AND id = OLD.id AND source = {number}"
    )
    if op.get_bind().dialect.name == "sqlite":
        that = " AND e.rowid = NEW.rowid"
        made = ";".join(statement.format(source=table, that=that) for statement in statements)
        op.execute(f"CREATE TRIGGER {table}_made AFTER INSERT ON {table} BEGIN {made}; END")
        op.execute(f"CREATE TRIGGER {table}_gone AFTER DELETE ON {table} BEGIN {gone}; END")
        return
    made = ";".join(statement.format(source="made", that="") for statement in statements)
    for name, body in (("made", made), ("gone", gone)):
        op.execute(
            f"CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$"
        )
    op.execute(
        f"CREATE TRIGGER {table}_made AFTER INSERT ON {table} REFERENCING NEW TABLE AS made"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_made()"
    )
    op.execute(f"CREATE TRIGGER {table}_gone AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_gone()")


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in SOURCES:
        for name in ("made", "gone"):
            op.execute(f"DROP TRIGGER {table}_{name}" + (f" ON {table}" if postgresql else ""))
            if postgresql:
                op.execute(f"DROP FUNCTION {table}_{name}()")
    op.drop_table("partner_events")
    op.drop_table("themes")


def create_tables() -> None:
    op.create_table(
        "partner_events",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=35), nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("subject_type", sa.String(length=5), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("charge_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("charge_kind", sa.String(length=18), nullable=True),
        sa.Column("subscription_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("plan_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("net_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("shopify_fee_cents", sa.BigInteger(), nullable=True),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("cancel_effective_at", MOMENT, nullable=True),
        sa.CheckConstraint("subject_type IN ('APP', 'THEME')", name=op.f("ck_partner_events_subject_type")),
        sa.CheckConstraint(
            "type IN ('CHARGE_ONE_TIME', 'CHARGE_RECURRING', 'CHARGE_USAGE', 'CREDIT_APPLIED', 'CREDIT_FAILED', 'CREDIT_PENDING', 'EARNING_ADJUSTMENT', 'EARNING_CHARGE_ONE_TIME', 'EARNING_CHARGE_RECURRING', 'EARNING_CHARGE_USAGE', 'EARNING_CREDIT', 'EARNING_REFUND', 'RELATIONSHIP_DEACTIVATED', 'RELATIONSHIP_INSTALLED', 'RELATIONSHIP_REACTIVATED', 'RELATIONSHIP_UNINSTALLED', 'SUBSCRIPTION_CANCELED', 'SUBSCRIPTION_CANCELLATION_SCHEDULED', 'SUBSCRIPTION_CREATED', 'SUBSCRIPTION_FROZEN', 'SUBSCRIPTION_UNFROZEN', 'SUBSCRIPTION_UPDATED')",
            name=op.f("ck_partner_events_type"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_partner_events_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", "source", name=op.f("pk_partner_events")),
    )
    op.create_index(
        "ix_partner_events_place", "partner_events", ["organization_id", "occurred_at", "id", "source"], unique=False
    )
    op.create_index(
        "ix_partner_events_subject",
        "partner_events",
        ["organization_id", "subject_type", "subject_id", "occurred_at", "id", "source"],
        unique=False,
    )
    op.create_index(
        "ix_partner_events_subject_type",
        "partner_events",
        ["organization_id", "subject_type", "occurred_at", "id", "source"],
        unique=False,
    )
    op.create_index(
        "ix_partner_events_subject_with_shop",
        "partner_events",
        ["organization_id", "subject_type", "subject_id", "shop_id", "occurred_at", "id", "source"],
        unique=False,
    )
    op.create_index(
        "ix_partner_events_subject_with_type",
        "partner_events",
        ["organization_id", "subject_type", "subject_id", "type", "occurred_at", "id", "source"],
        unique=False,
    )
    op.create_index(
        "ix_partner_events_type",
        "partner_events",
        ["organization_id", "subject_type", "type", "occurred_at", "id", "source"],
        unique=False,
    )
    op.create_table(
        "themes",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_themes_organization_id")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_themes")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_themes_organization_id_name")),
    )
