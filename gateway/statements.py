"""Pieces of statements that SQLite and PostgreSQL spell differently: a list of values bound as one parameter."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import ARRAY, BigInteger, ColumnElement, String, Table, TypeDecorator, bindparam, func, select
from sqlalchemy.dialects import postgresql as on_postgresql
from sqlalchemy.dialects import sqlite as on_sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

# PostgreSQL counts what it unnests from one.
FIRST_PLACE = 1


class Texts(TypeDecorator[Sequence[str]]):
    """A list of texts as one parameter, whatever its length: an array on PostgreSQL, JSON text on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(String()) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else orjson.dumps(value).decode()


class one_of_list(FunctionElement[bool]):  # noqa: N801 - reads as the SQL function that it is
    """`column = ANY(list)` on PostgreSQL, `column IN (SELECT value FROM json_each(list))` on SQLite."""

    name = "one_of_list"
    inherit_cache = True


@compiles(one_of_list, "postgresql")
def _any(element: one_of_list, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **options)} = ANY({compiler.process(values, **options)})"


@compiles(one_of_list, "sqlite")
def _json_each(element: one_of_list, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    listed = f"SELECT value FROM json_each({compiler.process(values, **options)})"
    return f"{compiler.process(column, **options)} IN ({listed})"


class IdText(TypeDecorator[Sequence[int]]):
    """Ids as one text, which either database reads as a list: drivers take much longer to send them one by one."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        # Twenty times as fast as to make a text of each and join them.
        listed = orjson.dumps(value).decode()
        return f"{{{listed[1:-1]}}}" if dialect.name == "postgresql" else listed


class id_list(FunctionElement[Sequence[int]]):  # noqa: N801 - reads as the SQL that it is
    """The list of ids that was bound as text."""

    name = "id_list"
    type = ARRAY(BigInteger)
    inherit_cache = True


@compiles(id_list, "postgresql")
def _array(element: id_list, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS BIGINT[])"


@compiles(id_list, "sqlite")
def _json(element: id_list, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


def ids(name: str) -> id_list:
    return id_list(bindparam(name, type_=IdText))


def texts(name: str) -> BindParameter[Sequence[str]]:
    return bindparam(name, type_=Texts)


class read_once(FunctionElement[Sequence[int]]):  # noqa: N801 - reads as the SQL that it is
    """The list as a scalar subquery: PostgreSQL would read the text anew for each row that it looks at."""

    name = "read_once"
    inherit_cache = True


@compiles(read_once, "postgresql")
def _subquery(element: read_once, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST((SELECT {compiler.process(element.clauses, **options)}) AS BIGINT[])"


@compiles(read_once, "sqlite")
def _itself(element: read_once, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


def any_id(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return one_of_list(column, read_once(ids(name)))


def any_text(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return one_of_list(column, texts(name))


def is_duplicate(error: IntegrityError, table: Table) -> bool:
    """Whether a unique constraint of the table refused the row, rather than a reference or a check."""
    told = str(error.orig)
    return f"UNIQUE constraint failed: {table.name}." in told or f'"uq_{table.name}_' in told


def insert_new(table: Table, postgresql: bool) -> Any:
    """An INSERT that does nothing where a unique key of the table has the row already; `rowcount` tells.

    On PostgreSQL it waits for a transaction that is just writing such a row.
    """
    inserting = on_postgresql.insert(table) if postgresql else on_sqlite.insert(table)
    return inserting.on_conflict_do_nothing()


def key_table(postgresql: bool) -> Any:
    """The parents' keys as a table (organization_id, id, place), bound as `organization_ids` and `ids`, or as `keys`.

    `place` counts the keys from FIRST_PLACE on.
    """
    if postgresql:
        unnest = func.unnest(ids("organization_ids"), ids("ids"))
        return unnest.table_valued("organization_id", "id", with_ordinality="place").render_derived(name="k")
    each = func.json_each(bindparam("keys", type_=String)).table_valued("key", "value", name="e")
    pair = [func.json_extract(each.c.value, f"$[{place}]") for place in (0, 1)]
    place = (each.c.key + FIRST_PLACE).label("place")
    return select(pair[0].label("organization_id"), pair[1].label("id"), place).select_from(each).subquery("k")


def key_parameters(keys: Sequence[tuple[int, int]], postgresql: bool) -> dict[str, Any]:
    """What `key_table` has bound."""
    if postgresql:
        return {"organization_ids": [key[0] for key in keys], "ids": [key[1] for key in keys]}
    return {"keys": orjson.dumps(keys).decode()}
