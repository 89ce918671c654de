"""Wrong codes with which organizations asked for access to shops."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    op.create_table(
        "collaborator_attempts",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_domain", sa.String(length=255), nullable=False),
        sa.Column("attempted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_collaborator_attempts_organization_id"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_collaborator_attempts"),
    )
    op.create_index("ix_collaborator_attempts_attempted_at", "collaborator_attempts", ["attempted_at"])
    op.create_index(
        "ix_collaborator_attempts_counted",
        "collaborator_attempts",
        ["organization_id", "shop_domain", "attempted_at"],
    )


def downgrade() -> None:
    op.drop_table("collaborator_attempts")
