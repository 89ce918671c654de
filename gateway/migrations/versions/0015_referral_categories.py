"""The categories of referrals that came in 2026-07."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

OLD = (
    "referral_category IN ('AFFILIATE_STORES', 'TRANSFERRED_STORES', 'SHOPIFY_PLUS', 'POINT_OF_SALE',"
    " 'INTUIT_POINT_OF_SALE', 'MARKETS_PRO', 'POS_SHOPIFY_PAYMENTS_PROFIT', 'SHOPIFY_PLUS_ONE_TIME_REFERRAL')"
)
NEW = OLD[:-1] + (
    ", 'B2B_PROFIT_SHARE', 'CCS_SHOP_PAY_GMV', 'CO_MARKETING', 'ONLINE_DTC_GMV', 'PARTNER_DEVELOPMENT_FUNDS')"
)


def upgrade() -> None:
    replace(OLD, NEW)


def downgrade() -> None:
    for category in NEW.removeprefix(OLD[:-1]).strip(", )").split(", "):
        op.execute(
            f"UPDATE transactions SET referral_category = 'AFFILIATE_STORES' WHERE referral_category = {category}"
        )
    replace(NEW, OLD)


def replace(before: str, after: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE transactions DROP CONSTRAINT ck_transactions_referral_category")
        op.execute(f"ALTER TABLE transactions ADD CONSTRAINT ck_transactions_referral_category CHECK ({after})")
        return
    # A table that others refer to can't be made anew while references are checked. Its text can be changed, as SQLite
    # documents for constraints; the number makes other connections read it again.
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    changed = connection.execute(
        sa.text("UPDATE sqlite_schema SET sql = replace(sql, :before, :after) WHERE name = 'transactions'"),
        {"before": before, "after": after},
    )
    if changed.rowcount != 1:
        raise RuntimeError("The table of transactions was not found")
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")
