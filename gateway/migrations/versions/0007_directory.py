"""The words of the directory, what took the place of the marketplace's services, and what shops have there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from secrets import randbelow

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

REQUEST_CODE = "length(request_code) = 4 AND trim(request_code, '0123456789') = ''"


def upgrade() -> None:
    make_words()
    fill_words()
    extend_services()
    extend_shops()


def make_words() -> None:
    op.create_table(
        "service_categories",
        sa.Column("handle", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("handle", name="pk_service_categories"),
    )
    op.create_table(
        "directory_services",
        sa.Column("handle", sa.String(length=100), nullable=False),
        sa.Column("category_handle", sa.String(length=100), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_handle"], ["service_categories.handle"], name="fk_directory_services_category_handle"
        ),
        sa.PrimaryKeyConstraint("handle", name="pk_directory_services"),
        sa.UniqueConstraint("slug", name="uq_directory_services_slug"),
    )
    op.create_index(
        "ix_directory_services_category_handle_position",
        "directory_services",
        ["category_handle", "position"],
        unique=False,
    )
    op.create_table(
        "industries",
        sa.Column("handle", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("handle", name="pk_industries"),
    )
    op.create_table(
        "languages",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_languages"),
    )
    op.create_table(
        "countries",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_countries"),
    )


def fill_words() -> None:
    """From the file that ships beside the migrations: facts of the public directory."""
    words = json.loads((resources.files("gateway.migrations") / "reference" / "directory.json").read_text("utf-8"))
    for name, rows in words.items():
        op.bulk_insert(sa.table(name, *map(sa.column, rows[0])), rows)


@contextmanager
def services_rebuilt() -> Iterator[None]:
    """SQLite makes the table anew to give it a foreign key, and refuses to while rows refer to the old one."""
    if op.get_bind().dialect.name != "sqlite":
        yield
        return
    op.execute("CREATE TEMPORARY TABLE kept_job_services AS SELECT * FROM job_services")
    op.execute("DELETE FROM job_services")
    yield
    op.execute("INSERT INTO job_services SELECT * FROM kept_job_services")
    op.execute("DROP TABLE kept_job_services")


def extend_services() -> None:
    name, target = "fk_services_replacement_handle", "directory_services"
    with services_rebuilt(), op.batch_alter_table("services") as services:
        services.add_column(sa.Column("replacement_handle", sa.String(length=100), nullable=True))
        services.create_foreign_key(name, target, ["replacement_handle"], ["handle"])
    # The marketplace called its services as the directory's pages are called.
    op.execute(
        "UPDATE services SET replacement_handle = (SELECT handle FROM directory_services WHERE slug = services.handle)"
    )


def extend_shops() -> None:
    op.add_column("shops", sa.Column("paid_plan_eligible", sa.Boolean(), server_default=sa.false(), nullable=False))
    if op.get_bind().dialect.name == "sqlite":
        # It takes a check of a column that is there already only with the column itself.
        check = f"CONSTRAINT ck_shops_request_code CHECK ({REQUEST_CODE})"
        op.execute(f"ALTER TABLE shops ADD COLUMN request_code VARCHAR(4) {check}")
    else:
        op.add_column("shops", sa.Column("request_code", sa.String(length=4), nullable=True))
        op.create_check_constraint(op.f("ck_shops_request_code"), "shops", REQUEST_CODE)
    shops = sa.table("shops", sa.column("id"), sa.column("request_code"))
    found = op.get_bind().execute(sa.select(shops.c.id)).scalars().all()
    codes = [{"shop": shop_id, "code": f"{randbelow(10_000):04d}"} for shop_id in found]
    if codes:
        filled = sa.update(shops).where(shops.c.id == sa.bindparam("shop")).values(request_code=sa.bindparam("code"))
        op.get_bind().execute(filled, codes)


def downgrade() -> None:
    op.drop_column("shops", "request_code")
    op.drop_column("shops", "paid_plan_eligible")
    with services_rebuilt(), op.batch_alter_table("services") as services:
        services.drop_constraint("fk_services_replacement_handle", type_="foreignkey")
        services.drop_column("replacement_handle")
    op.drop_table("countries")
    op.drop_table("languages")
    op.drop_table("industries")
    op.drop_table("directory_services")
    op.drop_table("service_categories")
