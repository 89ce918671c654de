"""Pieces of statements that SQLite and PostgreSQL spell differently: a list of values bound as one parameter."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import ARRAY, BigInteger, ColumnElement, String, Table, TypeDecorator, bindparam, func, select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

# PostgreSQL counts what it unnests from one.
FIRST_PLACE = 1


class ListOf(TypeDecorator[Sequence[Any]]):
    """A list as one parameter, whatever its length: an array on PostgreSQL, JSON text on SQLite."""

    impl = String
    cache_ok = True

    def __init__(self, item: type[BigInteger] | type[String]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.item()) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
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


def ids(name: str) -> BindParameter[Sequence[int]]:
    return bindparam(name, type_=ListOf(BigInteger))


def texts(name: str) -> BindParameter[Sequence[str]]:
    return bindparam(name, type_=ListOf(String))


def any_id(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return one_of_list(column, ids(name))


def any_text(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return one_of_list(column, texts(name))


def is_duplicate(error: IntegrityError, table: Table) -> bool:
    """Whether a unique constraint of the table refused the row, rather than a reference or a check."""
    told = str(error.orig)
    return f"UNIQUE constraint failed: {table.name}." in told or f'"uq_{table.name}_' in told


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
