"""Who still asks for what is deprecated."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    op.create_table(
        "deprecated_field_usage",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("api_client_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=10), nullable=False),
        sa.Column("coordinate", sa.String(length=255), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["api_client_id"], ["api_clients.id"], name="fk_deprecated_field_usage_api_client_id"),
        sa.PrimaryKeyConstraint("day", "api_client_id", "version", "coordinate", name="pk_deprecated_field_usage"),
    )


def downgrade() -> None:
    op.drop_table("deprecated_field_usage")
