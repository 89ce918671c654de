"""Whether the migrations make the very tables that the models declare."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Inspector, inspect

# On SQLite the search is a table of FTS5, which keeps what it needs in five more.
SEARCH_PARTS = ("", "_config", "_content", "_data", "_docsize", "_idx")
# Tables that no model declares: Alembic's own, and those of the search, which each database makes in its own way.
NOT_OURS = frozenset({"alembic_version"} | {f"partner_search{part}" for part in SEARCH_PARTS})

Description = dict[str, object]
# What is described of a table, as the sentences call it.
_PARTS = {
    "columns": "the column",
    "primary_key": "the primary key",
    "foreign_keys": "the foreign key",
    "unique": "the unique constraint",
    "checks": "the check",
    "indexes": "the index",
}


def describe(connection: Connection) -> Description:
    """Each table of ours: its columns in their order, and its keys, constraints and indexes by name, in plain words."""
    inspector = inspect(connection)
    tables = [name for name in inspector.get_table_names() if name not in NOT_OURS]
    return {name: _table(inspector, name) for name in sorted(tables)}


def differences(migrated: Mapping[str, object], declared: Mapping[str, object]) -> list[str]:
    """A sentence for each thing that differs; none where the two agree."""
    return list(_differences(migrated, declared))


def _table(inspector: Inspector, name: str) -> dict[str, dict[str, str]]:
    return {
        "columns": {column["name"]: _column(inspector, column) for column in inspector.get_columns(name)},
        "primary_key": _named([inspector.get_pk_constraint(name)], _columns),
        "foreign_keys": _named(inspector.get_foreign_keys(name), _reference),
        "unique": _named(inspector.get_unique_constraints(name), _columns),
        "checks": _named(inspector.get_check_constraints(name), lambda check: " ".join(check["sqltext"].split())),
        # PostgreSQL lists the index behind a unique constraint as well.
        "indexes": _named([i for i in inspector.get_indexes(name) if "duplicates_constraint" not in i], _index),
    }


def _column(inspector: Inspector, column: Mapping[str, Any]) -> str:
    words = [column["type"].compile(inspector.dialect), "NULL" if column["nullable"] else "NOT NULL"]
    if column.get("default") is not None:
        words.append(f"DEFAULT {column['default']}")
    return " ".join([*words, *(kind.upper() for kind in ("identity", "computed") if column.get(kind))])


def _named(found: Any, told: Any) -> dict[str, str]:
    """By name; what has none goes by what it says."""
    return {each.get("name") or f"without a name: {told(each)}": told(each) for each in found}


def _columns(constraint: Mapping[str, Any]) -> str:
    names = constraint.get("column_names") or constraint["constrained_columns"]
    return f"({', '.join(names)})"


def _reference(key: Mapping[str, Any]) -> str:
    options = "".join(f" {name.upper()} {value}" for name, value in sorted(key["options"].items()))
    return f"{_columns(key)} → {key['referred_table']} ({', '.join(key['referred_columns'])}){options}"


def _index(index: Mapping[str, Any]) -> str:
    columns = index.get("expressions") or index["column_names"]
    sorting = "".join(f", {name} {' '.join(order)}" for name, order in sorted(index.get("column_sorting", {}).items()))
    options = "".join(
        f" {name} {value}"
        for name, value in sorted(index.get("dialect_options", {}).items())
        if value not in (None, [])
    )
    return f"{'unique ' if index['unique'] else ''}({', '.join(map(str, columns))}{sorting}){options}"


def _differences(migrated: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[str]:
    for table in sorted({*migrated, *declared}):
        if table not in migrated:
            yield f"No migration makes the table {table}, which a model declares"
        elif table not in declared:
            yield f"The migrations make the table {table}, which no model declares"
        else:
            for part, called in _PARTS.items():
                yield from _of_part(f"{table}: {called}", migrated[table][part], declared[table][part])
            yield from _order(table, migrated[table]["columns"], declared[table]["columns"])


def _of_part(called: str, migrated: Mapping[str, str], declared: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*migrated, *declared}):
        if name not in migrated:
            yield f"{called} {name} is declared, and no migration makes it: {declared[name]}"
        elif name not in declared:
            yield f"{called} {name} is made by the migrations, and not declared: {migrated[name]}"
        elif migrated[name] != declared[name]:
            yield f"{called} {name} is {migrated[name]} by the migrations, and declared as {declared[name]}"


def _order(table: str, migrated: Mapping[str, str], declared: Mapping[str, str]) -> Iterator[str]:
    if set(migrated) == set(declared) and list(migrated) != list(declared):
        ours, theirs = ", ".join(declared), ", ".join(migrated)
        yield f"{table}: the columns come as {theirs} by the migrations, and as {ours} declared"
