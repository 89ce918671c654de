"""Those who ask, each with a token, over one database that is served in each phase of the marketplace."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness import Answer, Gateway, Template
from sqlalchemy import Connection, Table, insert, select, update
from visibility_model import PHASES, Caller, Row

from fixtures.load import fills_itself
from gateway import tokens
from gateway.models import metadata
from gateway.models.api_client import api_clients
from gateway.models.base import UtcDateTime
from gateway.viewer import ApiPermission, ViewerKind

# Nothing is left out of it, whatever older and newer versions lack.
VERSION = "unstable"
ALL = frozenset(permission.value for permission in ApiPermission)
CALLERS = {
    caller.name: caller
    for caller in (
        *(Caller(f"partner-{number}", organization_id=number, permissions=ALL) for number in (1, 2, 3)),
        *(Caller(name, organization_id=1, permissions=frozenset({name})) for name in sorted(ALL)),
        Caller("NO_PERMISSION", organization_id=1),
        Caller("merchant-of-1", shop_id=1, merchant_user_id=1),
        # Shop 3 deals with both organizations; shop 5 with nobody.
        Caller("merchant-of-3", shop_id=3, merchant_user_id=3),
        Caller("merchant-of-nobody", shop_id=5, merchant_user_id=6),
        Caller("employee", employee_id=2),
        Caller("anonymous"),
    )
}
PARTNERS = [caller for caller in CALLERS.values() if caller.organization_id is not None]
_LONG_AGO, _NEVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
_MOMENTS = {"OPEN": (_NEVER, _NEVER), "WINDING_DOWN": (_LONG_AGO, _NEVER), "CLOSED": (_LONG_AGO, _LONG_AGO)}
# Every way of the matrix is asked for at once.
_LIMITS = {"max_nodes": 10**9, "max_root_fields": 10**4, "max_aliases": 10**5, "max_tokens": 10**6}


class World:
    def __init__(self, gateways: dict[str, Gateway], held: dict[str, str | None]) -> None:
        self.gateways = gateways
        self.tokens = held

    def ask(
        self, caller: Caller, document: str, variables: dict[str, Any] | None = None, *, phase: str = "CLOSED"
    ) -> Answer:
        token = self.tokens[caller.name]
        return self.gateways[phase].ask(document, variables, token=token, version=VERSION)

    def held(self) -> dict[str, list[Any]]:
        """All that the database holds, but for how often what is deprecated was used.

        That is written for reads too, some seconds later, so that a slow test would see it and a quick one not.
        """
        tables = [table for table in metadata.sorted_tables if table.name != "deprecated_field_usage"]
        return {table.name: sorted(map(repr, self.rows(table.select()))) for table in tables}

    def audit(self) -> list[Row]:
        """Every write leaves its entry, those too that made this world."""
        table = metadata.tables["audit_entries"]
        found = self.rows(select(table.c.id, table.c.occurred_at, table.c.action, table.c.subject))
        return [
            {"id": each[0], "occurred_at": each[1].isoformat(), "action": each[2], "subject": each[3]} for each in found
        ]

    def rows(self, statement: Any) -> list[Any]:
        return [tuple(row) for row in self.gateways["CLOSED"].rows(statement)]


@contextmanager
def world(template: Template, folder: Path, more: dict[str, list[Row]] | None = None) -> Iterator[World]:
    with template.copy(folder, **_LIMITS) as gateway:
        held = gateway.runner.run(gateway.database.run_sync(lambda connection: _fill(connection, more or {})))
        gateways = {phase: Gateway(_in_phase(gateway, phase), gateway.tokens) for phase in PHASES}
        try:
            yield World(gateways, held)
        finally:
            for each in gateways.values():
                each.close()


def _in_phase(gateway: Gateway, phase: str) -> Any:
    winding_down_from, closed_from = _MOMENTS[phase]
    return replace(
        gateway.settings, marketplace_winding_down_from=winding_down_from, marketplace_closed_from=closed_from
    )


def _fill(connection: Connection, more: dict[str, list[Row]]) -> dict[str, str | None]:
    for table in metadata.sorted_tables:
        if more.get(table.name):
            connection.execute(insert(table), [_complete(table, row) for row in more[table.name]])
    held = {name: _token(connection, caller) for name, caller in CALLERS.items()}
    # A gateway's loop stands still between two questions, and would hold the transaction that notes this.
    connection.execute(update(api_clients).values(last_used_at=_NEVER))
    return held


def _complete(table: Table, row: Row) -> Row:
    moments = {column.name for column in table.columns if isinstance(column.type, UtcDateTime)}
    read = {name: datetime.fromisoformat(row[name]) for name in moments if row.get(name) is not None}
    kept = [column for column in table.columns if column.name in row or not fills_itself(column)]
    return {column.name: row.get(column.name) for column in kept} | read


def _token(connection: Connection, caller: Caller) -> str | None:
    if caller.name == "anonymous":
        return None
    kinds = {"partner": ViewerKind.PARTNER, "merchant": ViewerKind.MERCHANT, "employee": ViewerKind.EMPLOYEE}
    ids = {name: value for name, value in asdict(caller).items() if name.endswith("_id")}
    kind = kinds["partner" if caller.organization_id is not None else caller.name.partition("-")[0]]
    permissions = [ApiPermission(name) for name in caller.permissions]
    holder = tokens.Holder(kind=kind, **ids)
    return tokens.create(connection, holder, permissions=permissions, name=caller.name, now=datetime.now(UTC))
