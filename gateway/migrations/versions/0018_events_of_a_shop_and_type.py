"""Events of one subject and shop are found by their type as well, where it has none of them among many."""

from alembic import op

revision = "0018"
down_revision = "0017"

NAME = "ix_partner_events_subject_shop_type"


def upgrade() -> None:
    columns = ["organization_id", "subject_type", "subject_id", "shop_id", "type", "occurred_at", "id", "source"]
    op.create_index(NAME, "partner_events", columns)


def downgrade() -> None:
    op.drop_index(NAME, table_name="partner_events")
