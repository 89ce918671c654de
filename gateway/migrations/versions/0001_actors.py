"""Those who act, their tokens, and the audit of what they write."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_occurred_at_id", "audit_entries", ["occurred_at", "id"], unique=False)
    op.create_index(
        "ix_audit_entries_organization_id_occurred_at_id",
        "audit_entries",
        ["organization_id", "occurred_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_audit_entries_subject_occurred_at_id", "audit_entries", ["subject", "occurred_at", "id"], unique=False
    )
    op.create_table(
        "employees",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("avatar_url", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_employees"),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("avatar_url", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organizations"),
    )
    op.create_table(
        "shops",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("myshopify_domain", sa.String(length=255), nullable=False),
        sa.Column("avatar_url", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_shops"),
        sa.UniqueConstraint("myshopify_domain", name="uq_shops_myshopify_domain"),
    )
    op.create_table(
        "merchant_users",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("avatar_url", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_merchant_users_shop_id"),
        sa.PrimaryKeyConstraint("id", name="pk_merchant_users"),
    )
    op.create_index("ix_merchant_users_shop_id", "merchant_users", ["shop_id"], unique=False)
    op.create_table(
        "team_members",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("avatar_url", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_team_members_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_team_members"),
    )
    op.create_table(
        "api_clients",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("merchant_user_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("employee_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("previous_token_hash", sa.String(length=64), nullable=True),
        sa.Column("previous_expires_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('ANONYMOUS', 'PARTNER', 'MERCHANT', 'EMPLOYEE')", name=op.f("ck_api_clients_kind")
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name="fk_api_clients_employee_id"),
        sa.ForeignKeyConstraint(["merchant_user_id"], ["merchant_users.id"], name="fk_api_clients_merchant_user_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_api_clients_organization_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_api_clients_shop_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_clients"),
        sa.UniqueConstraint("token_hash", name="uq_api_clients_token_hash"),
    )
    op.create_index("ix_api_clients_organization_id", "api_clients", ["organization_id"], unique=False)
    op.create_index("ix_api_clients_previous_token_hash", "api_clients", ["previous_token_hash"], unique=False)

    forbid_changes()


def forbid_changes() -> None:
    """The audit is append-only, whoever connects."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entries_no_{change.lower()} BEFORE {change} ON audit_entries"
                " BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END"
            )
        # REPLACE takes a row away without asking the trigger of DELETE.
        op.execute(
            "CREATE TRIGGER audit_entries_no_replace BEFORE INSERT ON audit_entries"
            " WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id)"
            " BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'audit entries are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()"
    )


def downgrade() -> None:
    op.drop_table("api_clients")
    op.drop_table("team_members")
    op.drop_table("merchant_users")
    op.drop_table("shops")
    op.drop_table("organizations")
    op.drop_table("employees")
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entries_refuse()")
