"""Work that the gateway does later."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")

# Each state is looked for by one moment.
PARTS = (
    ("run_at", "status = 'WAITING'"),
    ("leased_until", "status = 'RUNNING'"),
    ("finished_at", "finished_at IS NOT NULL"),
)


def upgrade() -> None:
    op.create_table(
        "deferred_jobs",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("unique_key", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=7), nullable=False),
        sa.Column("run_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=100), nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint("status IN ('WAITING', 'RUNNING', 'DONE', 'DEAD')", name=op.f("ck_deferred_jobs_status")),
        sa.PrimaryKeyConstraint("id", name="pk_deferred_jobs"),
        sa.UniqueConstraint("unique_key", name="uq_deferred_jobs_unique_key"),
    )
    for column, condition in PARTS:
        op.create_index(
            f"ix_deferred_jobs_{column}_id",
            "deferred_jobs",
            [column, "id"],
            unique=False,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )


def downgrade() -> None:
    op.drop_table("deferred_jobs")
