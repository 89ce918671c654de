"""Leads and reviews, and how far partners are with moving over."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    make_leads()
    make_reviews()
    make_tasks_and_receipts()


def make_leads() -> None:
    op.create_table(
        "leads",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_user_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.Text(), nullable=False),
        sa.Column("contact_country_code", sa.String(length=2), nullable=False),
        sa.Column("service_handle", sa.String(length=100), nullable=False),
        sa.Column("budget_cents", sa.BigInteger(), nullable=True),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("emailed_at", MOMENT, nullable=True),
        sa.CheckConstraint("status IN ('NEW', 'CONTACTED', 'WON', 'LOST', 'ARCHIVED')", name=op.f("ck_leads_status")),
        sa.CheckConstraint("(budget_cents IS NULL) = (currency_code IS NULL)", name=op.f("ck_leads_currency_code")),
        sa.CheckConstraint("budget_cents >= 0", name=op.f("ck_leads_budget_cents")),
        sa.ForeignKeyConstraint(["contact_country_code"], ["countries.code"], name="fk_leads_contact_country_code"),
        sa.ForeignKeyConstraint(["merchant_user_id"], ["merchant_users.id"], name="fk_leads_merchant_user_id"),
        sa.ForeignKeyConstraint(
            ["organization_id", "partner_id"],
            ["partners.organization_id", "partners.id"],
            name="fk_leads_organization_id_partner_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_leads_organization_id"),
        sa.ForeignKeyConstraint(["service_handle"], ["directory_services.handle"], name="fk_leads_service_handle"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_leads_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_leads"),
    )
    op.create_index(
        "ix_leads_organization_id_created_at_id", "leads", ["organization_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_leads_organization_id_merchant_user_id", "leads", ["organization_id", "merchant_user_id"], unique=False
    )
    op.create_index(
        "ix_leads_organization_id_service_handle_created_at_id",
        "leads",
        ["organization_id", "service_handle", "created_at", "id"],
        unique=False,
    )
    op.create_index("ix_leads_organization_id_shop_id", "leads", ["organization_id", "shop_id"], unique=False)
    op.create_index(
        "ix_leads_organization_id_status_created_at_id",
        "leads",
        ["organization_id", "status", "created_at", "id"],
        unique=False,
    )
    op.create_index("ix_leads_shop_id_created_at_id", "leads", ["shop_id", "created_at", "id"], unique=False)


def make_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("service_handle", sa.String(length=100), nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_user_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("quality_rating", sa.Integer(), nullable=False),
        sa.Column("communication_rating", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("publish_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("rejected_at", MOMENT, nullable=True),
        sa.Column("rejection_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(status = 'PUBLISHED') = (published_at IS NOT NULL)", name=op.f("ck_reviews_published_at")),
        sa.CheckConstraint("(status = 'REJECTED') = (rejected_at IS NOT NULL)", name=op.f("ck_reviews_rejected_at")),
        sa.CheckConstraint("status IN ('PENDING', 'PUBLISHED', 'REJECTED')", name=op.f("ck_reviews_status")),
        sa.CheckConstraint(
            "(rejected_at IS NULL) = (rejection_reason IS NULL)", name=op.f("ck_reviews_rejection_reason")
        ),
        sa.CheckConstraint("communication_rating BETWEEN 1 AND 5", name=op.f("ck_reviews_communication_rating")),
        sa.CheckConstraint("quality_rating BETWEEN 1 AND 5", name=op.f("ck_reviews_quality_rating")),
        sa.ForeignKeyConstraint(["merchant_user_id"], ["merchant_users.id"], name="fk_reviews_merchant_user_id"),
        sa.ForeignKeyConstraint(
            ["organization_id", "partner_id"],
            ["partners.organization_id", "partners.id"],
            name="fk_reviews_organization_id_partner_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_reviews_organization_id"),
        sa.ForeignKeyConstraint(["service_handle"], ["directory_services.handle"], name="fk_reviews_service_handle"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_reviews_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_reviews"),
        sa.UniqueConstraint(
            "organization_id",
            "partner_id",
            "shop_id",
            "service_handle",
            name="uq_reviews_organization_id_partner_id_shop_id_service_handle",
        ),
    )
    op.create_index(
        "ix_reviews_organization_id_merchant_user_id", "reviews", ["organization_id", "merchant_user_id"], unique=False
    )
    op.create_index(
        "ix_reviews_organization_id_partner_id_status_published_at_id",
        "reviews",
        ["organization_id", "partner_id", "status", "published_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_reviews_organization_id_submitted_at_id", "reviews", ["organization_id", "submitted_at", "id"], unique=False
    )
    op.create_index("ix_reviews_shop_id_submitted_at_id", "reviews", ["shop_id", "submitted_at", "id"], unique=False)
    op.create_index("ix_reviews_status_publish_at_id", "reviews", ["status", "publish_at", "id"], unique=False)
    op.create_index("ix_reviews_submitted_at_id", "reviews", ["submitted_at", "id"], unique=False)


def make_tasks_and_receipts() -> None:
    op.create_table(
        "migration_task_completions",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("completed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "handle IN ('REVIEW_PROFILE', 'CHOOSE_TOOLS', 'CONTACT_CLIENTS', 'DOWNLOAD_RECORDS')",
            name=op.f("ck_migration_task_completions_handle"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_migration_task_completions_organization_id"
        ),
        sa.PrimaryKeyConstraint("organization_id", "handle", name="pk_migration_task_completions"),
    )
    op.create_table(
        "export_receipts",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("completed_at", MOMENT, nullable=False),
        sa.Column("record_count", sa.Integer(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("api_version", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "length(manifest_sha256) = 64 AND trim(manifest_sha256, '0123456789abcdef') = ''",
            name=op.f("ck_export_receipts_manifest_sha256"),
        ),
        sa.CheckConstraint("record_count >= 0", name=op.f("ck_export_receipts_record_count")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_export_receipts_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_export_receipts"),
    )
    op.create_index(
        "ix_export_receipts_organization_id_completed_at_id",
        "export_receipts",
        ["organization_id", "completed_at", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("export_receipts")
    op.drop_table("migration_task_completions")
    op.drop_table("reviews")
    op.drop_table("leads")
