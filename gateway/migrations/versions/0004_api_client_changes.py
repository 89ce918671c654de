"""Processes that keep tokens in memory are told when one changes."""

from alembic import op

revision = "0004"
down_revision = "0003"

# When it was last used is not among them: it says nothing of what a token may do.
TOLD = "token_hash, previous_token_hash, previous_expires_at, permissions, expires_at, revoked_at"


def upgrade() -> None:
    # SQLite counts the commits of each file by itself.
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE FUNCTION api_clients_notify() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_notify('api_clients', ''); RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER api_clients_changed AFTER DELETE OR UPDATE OF {TOLD} ON api_clients"
        " FOR EACH STATEMENT EXECUTE FUNCTION api_clients_notify()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER api_clients_changed ON api_clients")
        op.execute("DROP FUNCTION api_clients_notify()")
