"""What one caller gets by each route, against what the model says. Records may hold two rows of one id."""

from collections.abc import Iterator
from typing import Any

from visibility_callers import VERSION, World
from visibility_model import Caller, Records, Row, gid, knows_author
from visibility_routes import (
    NODES,
    newest_first,
    relation_selection,
    selection,
    shown,
    shown_with_relations,
)

import schema

SCHEMA = schema.build(VERSION)
TABLES = tuple(dict.fromkeys(NODES.values()))
UNKNOWN = 999_999
TYPED = {
    "app": ("MANAGE_APPS", "apps"),
    "collaborator": ("MANAGE_COLLABORATORS", "collaborators"),
    "conversation": ("MANAGE_JOBS", "conversations"),
    "job": ("MANAGE_JOBS", "jobs"),
    "lead": ("MANAGE_LEADS", "leads"),
    "partner": (None, "partners"),
    "refundRequest": ("MANAGE_DISPUTES", "refund_requests"),
    "review": (None, "reviews"),
    "transaction": ("VIEW_FINANCIALS", "transactions"),
}
LISTS = {
    "auditEntries": (None, "audit_entries", "occurred_at"),
    "collaborators": ("MANAGE_COLLABORATORS", "collaborators", "requested_at"),
    "conversations": ("MANAGE_JOBS", "conversations", "created_at"),
    "exportReceipts": ("EXPORT_RECORDS", "export_receipts", "completed_at"),
    "jobs": ("MANAGE_JOBS", "jobs", "created_at"),
    "partnerBlocks": (None, "partner_blocks", "created_at"),
    "partnerReports": (None, "partner_reports", "created_at"),
    "leads": ("MANAGE_LEADS", "leads", "created_at"),
    "refundRequests": ("MANAGE_DISPUTES", "refund_requests", "created_at"),
    "reviews": ("MANAGE_REVIEWS", "reviews", "submitted_at"),
    "transactions": ("VIEW_FINANCIALS", "transactions", "created_at"),
}
_NODE = " ".join(f"...on {name} {{ {selection(table)} }}" for name, table in NODES.items())
_RELATIONS = " ".join(
    f"...on {name} {{ {selection(table)} {relation_selection(SCHEMA, name)} }}" for name, table in NODES.items()
)


class Checks:
    def __init__(self, world: World, records: Records, caller: Caller, phase: str) -> None:
        self.world = world
        self.records = records
        self.caller = caller
        self.phase = phase

    def all(self) -> None:
        self.by_nodes()
        self.by_node()
        self.by_typed_field()
        self.by_list()
        self.by_relation()
        self.by_eventsinks()
        self.by_viewer()
        self.by_search()
        self.by_review()

    def by_nodes(self) -> None:
        expected = {wire_id: row and shown(*row) for wire_id, row in self._by_id(TABLES)}
        expected |= {f"gid://partners/{name}/{UNKNOWN}": None for name in NODES}
        # A row has one type: its id as another type of the same table names nothing.
        others = {f"{name}/{row['id']}" for name, table in NODES.items() for row in self.records.rows[table]}
        own = {wire_id.partition("://")[2].partition("/")[2] for wire_id in expected}
        expected |= {f"gid://shopify/{other}": None for other in others - own}
        assert self._nodes(_NODE, expected) == expected

    def by_node(self) -> None:
        expected = {f"f{place}": (wire_id, row) for place, (wire_id, row) in enumerate(self._by_id(TABLES))}
        fields = " ".join(f'{alias}: node(id: "{wire_id}") {{ ...it }}' for alias, (wire_id, _) in expected.items())
        document = f"{{ {fields} }} fragment it on Node {{ __typename {_NODE} }}"
        assert self._ask(document) == {alias: row and shown(*row) for alias, (_, row) in expected.items()}

    def by_typed_field(self) -> None:
        for name, (permission, table) in TYPED.items():
            if self._is_let_in(permission):
                ids = list(self._by_id([table]))
                fields = " ".join(
                    f'f{place}: {name}(id: "{wire_id}") {{ {selection(table)} }}'
                    for place, (wire_id, _) in enumerate(ids)
                )
                unknown = ids[0][0].rpartition("/")[0] + f"/{UNKNOWN}"
                answer = self._ask(f'{{ {fields} unknown: {name}(id: "{unknown}") {{ __typename }} }}')
                found = {f"f{place}": row and shown(*row) for place, (_, row) in enumerate(ids)}
                assert answer == found | {"unknown": None}

    def by_list(self) -> None:
        """Every row of the list with every relation: rows of one id are asked for their children together."""
        for name, (permission, table, moment) in LISTS.items():
            if self._is_let_in(permission):
                names = [each for each, of in NODES.items() if of == table]
                relations = " ".join(f"...on {each} {{ {relation_selection(SCHEMA, each)} }}" for each in names)
                asked = (
                    f"{{ {name}(first: 250) {{ nodes {{ {selection(table)} {relations} }}"
                    f" edges {{ node {{ {selection(table)} }} }} pageInfo {{ hasNextPage hasPreviousPage }} }} }}"
                )
                seen = self.records.seen(self.caller, self.phase, table)
                rows = newest_first([row for row in seen if self._is_listed(name, row)], moment)
                assert self._ask(asked)[name] == {
                    "nodes": [self._whole((table, row)) for row in rows],
                    "edges": [{"node": shown(table, row)} for row in rows],
                    "pageInfo": {"hasNextPage": False, "hasPreviousPage": False},
                }

    def by_relation(self) -> None:
        """Every relation of every row that `nodes` shows."""
        expected = {wire_id: self._whole(row) for wire_id, row in self._by_id(TABLES) if row}
        assert self._nodes(_RELATIONS, expected) == expected

    def by_eventsinks(self) -> None:
        if not self._is_let_in("MANAGE_APPS"):
            return
        sinks = {}
        for sink in self.records.rows["eventsinks"]:
            sinks.setdefault((sink["app_id"], sink["topic"]), []).append(sink)
        for (app_id, topic), rows in sinks.items():
            below = f"{selection('eventsinks')} {relation_selection(SCHEMA, 'Eventsink')}"
            asked = f'{{ eventsinks(appId: "gid://partners/App/{app_id}", topic: {topic}) {{ {below} }} }}'
            seen = [row for row in rows if self.records.sees(self.caller, self.phase, "eventsinks", row)]
            assert self._ask(asked)["eventsinks"] == [self._whole(("eventsinks", row)) for row in seen]

    def by_viewer(self) -> None:
        caller = self.caller
        itself = {"organization": caller.organization_id, "shop": caller.shop_id}
        itself["merchantUser"] = caller.merchant_user_id
        tables = {"organization": "organizations", "shop": "shops", "merchantUser": "merchant_users"}
        fields = " ".join(f"{name} {{ {selection(table)} }}" for name, table in tables.items())
        expected = {
            name: None if row_id is None else shown(tables[name], self._row(tables[name], row_id))
            for name, row_id in itself.items()
        }
        expected["permissions"] = set(caller.permissions)
        answer = self._ask(f"{{ viewer {{ permissions {fields} }} }}")["viewer"]
        assert answer | {"permissions": set(answer["permissions"])} == expected

    def by_search(self) -> None:
        """The directory is the same for everyone."""
        found = self._ask("{ partners(first: 250) { totalCount nodes { id } edges { node { id } } } }")["partners"]
        listed = {gid("partners", row) for row in self.records.rows["partners"] if row["listed"]}
        assert {each["id"] for each in found["nodes"]} == {each["node"]["id"] for each in found["edges"]} == listed
        assert found["totalCount"] == len(listed)

    def by_review(self) -> None:
        """Only the shop that wrote a review, and support, know who did."""
        seen = {wire_id: row[1] for wire_id, row in self._by_id(["reviews"]) if row}
        authors = {
            wire_id: {
                "shop": {"id": f"gid://partners/Shop/{row['shop_id']}"} if knows_author(self.caller, row) else None
            }
            for wire_id, row in seen.items()
        }
        assert self._nodes("...on Review { shop { id } }", authors, typename="") == authors

    def _is_listed(self, name: str, row: Row) -> bool:
        """Of the published reviews of others, the list holds none."""
        if name != "reviews":
            return True
        return self.caller.organization_id == row["organization_id"] or knows_author(self.caller, row)

    def _row(self, table: str, row_id: int) -> Row:
        return next(row for row in self.records.rows[table] if row["id"] == row_id)

    def _by_id(self, tables: Any) -> Iterator[tuple[str, tuple[str, Row] | None]]:
        """Every id with the row that it names to the caller; of two that the caller sees, the older organization's."""
        found: dict[str, tuple[str, Row] | None] = {}
        for table in tables:
            rows = sorted(self.records.rows[table], key=lambda row: row.get("organization_id", 0))
            for row in rows:
                wire_id = gid(table, row)
                if found.get(wire_id) is None:
                    seen = self.records.sees(self.caller, self.phase, table, row)
                    found[wire_id] = (table, row) if seen else None
        yield from found.items()

    def _whole(self, found: tuple[str, Row]) -> dict[str, Any]:
        return shown_with_relations(self.records, self.caller, self.phase, *found)

    def _is_let_in(self, permission: str | None) -> bool:
        """Permissions are asked of partners alone."""
        return permission is None or self.caller.organization_id is None or permission in self.caller.permissions

    def _nodes(self, below: str, expected: dict[str, Any], typename: str = "__typename") -> dict[str, Any]:
        wanted, found = list(expected), []
        for start in range(0, len(wanted), 250):
            asked = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {typename} {below} }} }}"
            found += self._ask(asked, {"ids": wanted[start : start + 250]})["nodes"]
        return dict(zip(wanted, found, strict=True))

    def _ask(self, document: str, variables: dict[str, Any] | None = None) -> Any:
        return self.world.ask(self.caller, document, variables, phase=self.phase).data
