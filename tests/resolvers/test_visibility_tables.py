"""Every caller, in every phase: the rows of each table that exist for it, and those that others may show it.

The same model as that of the matrix of documents, asked row by row: tables are covered whatever the schema shows.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from harness import Template
from sqlalchemy import Connection, Table, select
from visibility_callers import CALLERS, World, world
from visibility_model import BETWEEN, MARKETPLACE, PARTNER_PARTS, PHASES, Caller, Records, Row, fixture_rows

from gateway.models import metadata
from gateway.models.partner import partners
from gateway.viewer import ApiPermission, ViewerKind
from resolvers import visibility
from resolvers.scope import MarketplacePhase, Scope, scope_of

RECORDS = Records(fixture_rows())
DIRECTORY = ("partners", "reviews", *BETWEEN, *sorted(PARTNER_PARTS), "export_receipts", "migration_task_completions")
TABLES = [metadata.tables[name] for name in (*MARKETPLACE, *DIRECTORY)]
WORDS = [metadata.tables[name] for name in ("service_categories", "directory_services", "industries", "languages")]
# The organization that was listed once; shop 3 sent it a lead, shop 4 reviewed it.
ONCE_LISTED = 6
MORE = [
    Caller("partner-6", organization_id=ONCE_LISTED),
    Caller("merchant-of-4", shop_id=4, merchant_user_id=5),
    Caller("merchant-of-8", shop_id=8, merchant_user_id=9),
]
ASKING = [*CALLERS.values(), *MORE]


@pytest.fixture(scope="module")
def held(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(template, tmp_path_factory.mktemp("tables")) as opened:
        yield opened


def scope_for(caller: Caller, phase: str) -> Scope:
    kind = ViewerKind.ANONYMOUS
    for own, name in (
        (caller.organization_id, ViewerKind.PARTNER),
        (caller.shop_id, ViewerKind.MERCHANT),
        (caller.employee_id, ViewerKind.EMPLOYEE),
    ):
        kind = name if own is not None else kind
    return scope_of(kind, frozenset(map(ApiPermission, caller.permissions)), MarketplacePhase(phase))


def keys(connection: Connection, table: Table, condition: Any, caller: Caller) -> set[tuple[Any, ...]]:
    bound = {
        "viewer_organization_id": caller.organization_id,
        "viewer_shop_id": caller.shop_id,
        "viewer_merchant_user_id": caller.merchant_user_id,
        "viewer_employee_id": caller.employee_id,
    }
    return {tuple(row) for row in connection.execute(select(*table.primary_key).where(condition), bound)}


def key_of(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def ask(held: World, work: Any) -> Any:
    gateway = held.gateways["CLOSED"]
    return gateway.runner.run(gateway.database.run_sync(work))


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("caller", ASKING, ids=lambda caller: caller.name)
def test_the_rows_of_each_table_are_those_that_the_domain_names(held, caller, phase):
    scope = scope_for(caller, phase)

    def look(connection: Connection) -> dict[str, Any]:
        return {
            table.name: (
                keys(connection, table, visibility.VISIBLE[table](scope), caller),
                keys(connection, table, visibility.reached(table, scope), caller),
            )
            for table in TABLES
        }

    found = ask(held, look)
    for table in TABLES:
        rows = RECORDS.rows[table.name]
        seen = {key_of(table, row) for row in rows if RECORDS.sees(caller, phase, table.name, row)}
        shown = {key_of(table, row) for row in rows if RECORDS.shows(caller, phase, table.name, row)}
        assert found[table.name] == (seen, shown), table.name


@pytest.mark.parametrize("caller", ASKING, ids=lambda caller: caller.name)
def test_the_words_of_the_directory_are_everybody_s(held, caller):
    scope = scope_for(caller, "CLOSED")
    for table in WORDS:
        everything = ask(held, lambda connection, table=table: connection.execute(select(table)).all())
        assert len(everything) == len(
            ask(held, lambda connection, table=table: keys(connection, table, visibility.VISIBLE[table](scope), caller))
        )


EXPECTED = {
    "partner-6": {6},
    "merchant-of-3": {6},
    "merchant-of-4": {6},
    "partner-3": {3},
    "employee": {3, 6},
    "merchant-of-1": set(),
    "merchant-of-8": set(),
    "partner-1": set(),
    "anonymous": set(),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_partner_that_is_not_listed_is_seen_by_those_who_deal_with_it(held, name):
    """Spelled out, so that it does not rest on the model alone."""
    (caller,) = (each for each in ASKING if each.name == name)
    condition = visibility.VISIBLE[partners](scope_for(caller, "CLOSED"))
    assert {key[1] for key in ask(held, lambda c: keys(c, partners, condition, caller))} - {1, 2, 4, 5} == EXPECTED[
        name
    ]


AUTHORS = {"partner-1": set(), "merchant-of-3": {4, 2, 8}, "merchant-of-4": {3, 11}, "anonymous": set()}


@pytest.mark.parametrize("name", AUTHORS)
def test_who_wrote_a_review_is_known_to_its_shop_alone(held, name):
    (caller,) = (each for each in ASKING if each.name == name)
    table = metadata.tables["reviews"]
    condition = visibility.directory.review_authors_of(scope_for(caller, "CLOSED"))
    assert {key[1] for key in ask(held, lambda c: keys(c, table, condition, caller))} == AUTHORS[name]


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("caller", ASKING, ids=lambda caller: caller.name)
def test_the_audit_is_read_by_support_alone(held, caller, phase):
    table, scope = metadata.tables["audit_entries"], scope_for(caller, phase)
    everything = {(entry["id"],) for entry in held.audit()}
    assert everything
    found = ask(held, lambda connection: keys(connection, table, visibility.VISIBLE[table](scope), caller))
    assert found == (everything if caller.name == "employee" else set())
