"""What the database holds, past the gateway."""

from typing import Any

from harness import Gateway
from sqlalchemy import Table, func, select

from gateway.models import metadata
from gateway.models.api_client import api_clients
from gateway.models.audit import audit_entries
from gateway.models.deprecated_field_usage import deprecated_field_usage
from gateway.viewer import ViewerKind


def counts(gateway: Gateway) -> dict[str, int]:
    """How many rows each table has, the audit too; but for what is counted beside requests, every ten seconds."""
    of_table = {
        table.name: select(func.count()).select_from(table).scalar_subquery()
        for table in metadata.sorted_tables
        if table is not deprecated_field_usage
    }
    return dict(gateway.rows(select(*[count.label(name) for name, count in of_table.items()]))[0]._mapping)


def added(gateway: Gateway, before: dict[str, int]) -> dict[str, int]:
    """The tables whose number of rows is not what it was, with the difference."""
    return {name: count - before[name] for name, count in counts(gateway).items() if count != before[name]}


def newest(gateway: Gateway, table: Table) -> dict[str, Any]:
    """The row with the largest id, which is the one that was made last."""
    return dict(gateway.rows(select(table).order_by(table.c.id.desc()).limit(1))[0]._mapping)


def audited(gateway: Gateway, request_id: str) -> list[dict[str, Any]]:
    """What the request left in the audit, without what differs from run to run."""
    entries = gateway.rows(
        select(audit_entries).where(audit_entries.c.request_id == request_id).order_by(audit_entries.c.id)
    )
    return [
        {name: entry._mapping[name] for name in ("action", "actor", "subject", "organization_id", "before", "after")}
        for entry in entries
    ]


def partner_actor(gateway: Gateway) -> str:
    """Organization 1's token, as the audit names it."""
    of_partner = (api_clients.c.kind == ViewerKind.PARTNER, api_clients.c.organization_id == 1)
    return f"gid://partners/ApiClient/{gateway.rows(select(api_clients.c.id).where(*of_partner))[0].id}"
