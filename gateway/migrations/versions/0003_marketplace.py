"""The marketplace: services, conversations, jobs, proposals and invoices."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    op.create_table(
        "services",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("handle", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_services"),
        sa.UniqueConstraint("handle", name="uq_services_handle"),
    )
    op.create_table(
        "conversations",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=7), nullable=False),
        sa.Column("has_unread_messages", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_event_at", MOMENT, nullable=False),
        sa.CheckConstraint("status IN ('ACTIVE', 'BLOCKED')", name=op.f("ck_conversations_status")),
        sa.ForeignKeyConstraint(["merchant_user_id"], ["merchant_users.id"], name="fk_conversations_merchant_user_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_conversations_organization_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_conversations_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_conversations"),
    )
    op.create_index(
        "ix_conversations_organization_id_created_at_id",
        "conversations",
        ["organization_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_conversations_organization_id_merchant_user_id",
        "conversations",
        ["organization_id", "merchant_user_id"],
        unique=False,
    )
    op.create_index(
        "ix_conversations_organization_id_shop_id", "conversations", ["organization_id", "shop_id"], unique=False
    )
    op.create_index(
        "ix_conversations_shop_id_created_at_id", "conversations", ["shop_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "jobs",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("status", sa.String(length=17), nullable=False),
        sa.Column("confirmed_completed", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_event_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "status IN ('NEW', 'OPENED', 'RESPONDED', 'AWAITING_RESPONSE', 'COMPLETED', 'DECLINED', 'CLOSED', 'EXPIRED', 'INACTIVE')",
            name=op.f("ck_jobs_status"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "conversation_id"],
            ["conversations.organization_id", "conversations.id"],
            name="fk_jobs_organization_id_conversation_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_jobs_organization_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_jobs_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_jobs"),
    )
    op.create_index(
        "ix_jobs_organization_id_conversation_id", "jobs", ["organization_id", "conversation_id"], unique=False
    )
    op.create_index(
        "ix_jobs_organization_id_created_at_id", "jobs", ["organization_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_jobs_organization_id_shop_id_created_at_id",
        "jobs",
        ["organization_id", "shop_id", "created_at", "id"],
        unique=False,
    )
    op.create_index("ix_jobs_shop_id_created_at_id", "jobs", ["shop_id", "created_at", "id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("file_urls", sa.JSON(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("sent_via", sa.String(length=9), nullable=False),
        sa.Column("sender_team_member_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("sender_merchant_user_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("sender_shop_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("sender_employee_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.CheckConstraint("sent_via IN ('DASHBOARD', 'EMAIL')", name=op.f("ck_messages_sent_via")),
        sa.CheckConstraint(
            "(CASE WHEN sender_team_member_id IS NULL THEN 0 ELSE 1 END + CASE WHEN sender_merchant_user_id IS NULL THEN 0 ELSE 1 END + CASE WHEN sender_shop_id IS NULL THEN 0 ELSE 1 END + CASE WHEN sender_employee_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name=op.f("ck_messages_one_sender"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "conversation_id"],
            ["conversations.organization_id", "conversations.id"],
            name="fk_messages_organization_id_conversation_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "sender_team_member_id"],
            ["team_members.organization_id", "team_members.id"],
            name="fk_messages_organization_id_sender_team_member_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_messages_organization_id"),
        sa.ForeignKeyConstraint(["sender_employee_id"], ["employees.id"], name="fk_messages_sender_employee_id"),
        sa.ForeignKeyConstraint(
            ["sender_merchant_user_id"], ["merchant_users.id"], name="fk_messages_sender_merchant_user_id"
        ),
        sa.ForeignKeyConstraint(["sender_shop_id"], ["shops.id"], name="fk_messages_sender_shop_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_messages"),
    )
    op.create_index(
        "ix_messages_organization_id_conversation_id_sent_at_id",
        "messages",
        ["organization_id", "conversation_id", "sent_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_messages_organization_id_sender_employee_id",
        "messages",
        ["organization_id", "sender_employee_id"],
        unique=False,
    )
    op.create_index(
        "ix_messages_organization_id_sender_merchant_user_id",
        "messages",
        ["organization_id", "sender_merchant_user_id"],
        unique=False,
    )
    op.create_index(
        "ix_messages_organization_id_sender_team_member_id",
        "messages",
        ["organization_id", "sender_team_member_id"],
        unique=False,
    )
    op.create_table(
        "invoices",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.Column("sale_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.CheckConstraint("status IN ('OPEN', 'PAID', 'CLOSED', 'REFUNDED')", name=op.f("ck_invoices_status")),
        sa.CheckConstraint(
            "status NOT IN ('PAID', 'REFUNDED') OR paid_at IS NOT NULL", name=op.f("ck_invoices_paid_at")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "job_id"],
            ["jobs.organization_id", "jobs.id"],
            name="fk_invoices_organization_id_job_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "sale_id"],
            ["transactions.organization_id", "transactions.id"],
            name="fk_invoices_organization_id_sale_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_invoices_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_invoices"),
        sa.UniqueConstraint("organization_id", "number", name="uq_invoices_organization_id_number"),
    )
    op.create_index(
        "ix_invoices_organization_id_job_id_issued_at_id",
        "invoices",
        ["organization_id", "job_id", "issued_at", "id"],
        unique=False,
    )
    op.create_index("ix_invoices_organization_id_sale_id", "invoices", ["organization_id", "sale_id"], unique=False)
    op.create_table(
        "job_requirements",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("responses", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "job_id"],
            ["jobs.organization_id", "jobs.id"],
            name="fk_job_requirements_organization_id_job_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_job_requirements_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "job_id", "position", name="pk_job_requirements"),
    )
    op.create_table(
        "job_services",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "job_id"],
            ["jobs.organization_id", "jobs.id"],
            name="fk_job_services_organization_id_job_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_job_services_organization_id"),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name="fk_job_services_service_id"),
        sa.PrimaryKeyConstraint("organization_id", "job_id", "position", name="pk_job_services"),
    )
    op.create_table(
        "proposals",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("status IN ('SENT', 'ACCEPTED', 'DECLINED', 'CLOSED')", name=op.f("ck_proposals_status")),
        sa.ForeignKeyConstraint(
            ["organization_id", "job_id"],
            ["jobs.organization_id", "jobs.id"],
            name="fk_proposals_organization_id_job_id",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_proposals_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_proposals"),
    )
    op.create_index(
        "ix_proposals_organization_id_job_id_created_at_id",
        "proposals",
        ["organization_id", "job_id", "created_at", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("proposals")
    op.drop_table("job_services")
    op.drop_table("job_requirements")
    op.drop_table("invoices")
    op.drop_table("messages")
    op.drop_table("jobs")
    op.drop_table("conversations")
    op.drop_table("services")
