"""Access of partners to shops, and how shops and partners part: blocks, refund requests, reports."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    make_collaborators()
    make_blocks()
    make_refund_requests()
    make_reports()


def make_collaborators() -> None:
    op.create_table(
        "collaborators",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("activated_at", MOMENT, nullable=True),
        sa.Column("last_login_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(status IN ('REQUESTED', 'ACTIVE')) = (ended_at IS NULL)", name=op.f("ck_collaborators_ended_at")
        ),
        sa.CheckConstraint(
            "CASE WHEN status IN ('ACTIVE', 'REMOVED', 'EXPIRED') THEN activated_at IS NOT NULL ELSE activated_at IS NULL END",
            name=op.f("ck_collaborators_activated_at"),
        ),
        sa.CheckConstraint("status <> 'ACTIVE' OR expires_at IS NOT NULL", name=op.f("ck_collaborators_expires_at")),
        sa.CheckConstraint(
            "status IN ('REQUESTED', 'ACTIVE', 'DECLINED', 'CANCELLED', 'REMOVED', 'EXPIRED')",
            name=op.f("ck_collaborators_status"),
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_collaborators_organization_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_collaborators_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_collaborators"),
    )
    op.create_index(
        "ix_collaborators_organization_id_requested_at_id",
        "collaborators",
        ["organization_id", "requested_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_collaborators_organization_id_shop_id_status",
        "collaborators",
        ["organization_id", "shop_id", "status"],
        unique=False,
    )
    op.create_index("ix_collaborators_requested_at_id", "collaborators", ["requested_at", "id"], unique=False)
    op.create_index(
        "ix_collaborators_shop_id_requested_at_id", "collaborators", ["shop_id", "requested_at", "id"], unique=False
    )
    op.create_index(
        "ix_collaborators_status_expires_at_id", "collaborators", ["status", "expires_at", "id"], unique=False
    )
    op.create_index(
        "uq_collaborators_open",
        "collaborators",
        ["organization_id", "shop_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('REQUESTED', 'ACTIVE')"),
        postgresql_where=sa.text("status IN ('REQUESTED', 'ACTIVE')"),
    )


def make_blocks() -> None:
    op.create_table(
        "partner_blocks",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_user_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("closed_proposal_count", sa.Integer(), nullable=False),
        sa.Column("closed_job_count", sa.Integer(), nullable=False),
        sa.Column("closed_invoice_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('SPAM', 'NO_LONGER_NEEDED', 'BAD_EXPERIENCE', 'OTHER')", name=op.f("ck_partner_blocks_reason")
        ),
        sa.ForeignKeyConstraint(["merchant_user_id"], ["merchant_users.id"], name="fk_partner_blocks_merchant_user_id"),
        sa.ForeignKeyConstraint(
            ["organization_id", "partner_id"],
            ["partners.organization_id", "partners.id"],
            name="fk_partner_blocks_organization_id_partner_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_partner_blocks_organization_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_partner_blocks_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_partner_blocks"),
        sa.UniqueConstraint("organization_id", "shop_id", name="uq_partner_blocks_organization_id_shop_id"),
    )
    op.create_index("ix_partner_blocks_created_at_id", "partner_blocks", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_partner_blocks_organization_id_merchant_user_id",
        "partner_blocks",
        ["organization_id", "merchant_user_id"],
        unique=False,
    )
    op.create_index(
        "ix_partner_blocks_shop_id_created_at_id", "partner_blocks", ["shop_id", "created_at", "id"], unique=False
    )


def make_refund_requests() -> None:
    op.create_table(
        "refund_requests",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("opened_by", sa.String(length=8), nullable=False),
        sa.Column("merchant_agreed_at", MOMENT, nullable=True),
        sa.Column("partner_agreed_at", MOMENT, nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("resolution_note", sa.Text(), nullable=True),
        sa.Column("adjustment_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(status = 'APPROVED') = (adjustment_id IS NOT NULL)", name=op.f("ck_refund_requests_adjustment_id")
        ),
        sa.CheckConstraint(
            "(status IN ('APPROVED', 'DECLINED')) = (resolved_at IS NOT NULL)",
            name=op.f("ck_refund_requests_resolved_at"),
        ),
        sa.CheckConstraint("opened_by IN ('MERCHANT', 'PARTNER')", name=op.f("ck_refund_requests_opened_by")),
        sa.CheckConstraint(
            "status IN ('DISCUSSING', 'AGREED', 'SUBMITTED', 'APPROVED', 'DECLINED', 'WITHDRAWN')",
            name=op.f("ck_refund_requests_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('AGREED', 'SUBMITTED', 'APPROVED', 'DECLINED') OR (merchant_agreed_at IS NOT NULL AND partner_agreed_at IS NOT NULL)",
            name=op.f("ck_refund_requests_agreed"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('SUBMITTED', 'APPROVED', 'DECLINED') OR submitted_at IS NOT NULL",
            name=op.f("ck_refund_requests_submitted_at"),
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_refund_requests_amount_cents")),
        sa.ForeignKeyConstraint(
            ["organization_id", "adjustment_id"],
            ["transactions.organization_id", "transactions.id"],
            name="fk_refund_requests_organization_id_adjustment_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "invoice_id"],
            ["invoices.organization_id", "invoices.id"],
            name="fk_refund_requests_organization_id_invoice_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "job_id"],
            ["jobs.organization_id", "jobs.id"],
            name="fk_refund_requests_organization_id_job_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_refund_requests_organization_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_refund_requests_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_refund_requests"),
    )
    op.create_index("ix_refund_requests_created_at_id", "refund_requests", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_refund_requests_organization_id_adjustment_id",
        "refund_requests",
        ["organization_id", "adjustment_id"],
        unique=False,
    )
    op.create_index(
        "ix_refund_requests_organization_id_created_at_id",
        "refund_requests",
        ["organization_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_refund_requests_organization_id_invoice_id_created_at_id",
        "refund_requests",
        ["organization_id", "invoice_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_refund_requests_organization_id_job_id", "refund_requests", ["organization_id", "job_id"], unique=False
    )
    op.create_index(
        "ix_refund_requests_organization_id_shop_id", "refund_requests", ["organization_id", "shop_id"], unique=False
    )
    op.create_index(
        "ix_refund_requests_shop_id_created_at_id", "refund_requests", ["shop_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_refund_requests_status_created_at_id", "refund_requests", ["status", "created_at", "id"], unique=False
    )


def make_reports() -> None:
    op.create_table(
        "partner_reports",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_user_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("kind", sa.String(length=27), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('BAD_EXPERIENCE', 'PROGRAM_AGREEMENT_VIOLATION')", name=op.f("ck_partner_reports_kind")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_user_id"], ["merchant_users.id"], name="fk_partner_reports_merchant_user_id"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "job_id"],
            ["jobs.organization_id", "jobs.id"],
            name="fk_partner_reports_organization_id_job_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "partner_id"],
            ["partners.organization_id", "partners.id"],
            name="fk_partner_reports_organization_id_partner_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_partner_reports_organization_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_partner_reports_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_partner_reports"),
        sa.UniqueConstraint("case_number", name="uq_partner_reports_case_number"),
    )
    op.create_index("ix_partner_reports_created_at_id", "partner_reports", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_partner_reports_organization_id_created_at_id",
        "partner_reports",
        ["organization_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_partner_reports_organization_id_job_id", "partner_reports", ["organization_id", "job_id"], unique=False
    )
    op.create_index(
        "ix_partner_reports_organization_id_merchant_user_id",
        "partner_reports",
        ["organization_id", "merchant_user_id"],
        unique=False,
    )
    op.create_index(
        "ix_partner_reports_shop_id_created_at_id", "partner_reports", ["shop_id", "created_at", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("partner_reports")
    op.drop_table("refund_requests")
    op.drop_table("partner_blocks")
    op.drop_table("collaborators")
