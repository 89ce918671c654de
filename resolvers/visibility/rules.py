"""What rules are made of: the ids of the viewer, and the few ways in which a row belongs to somebody."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, and_, bindparam, exists, false, or_, select, true

from gateway.viewer import ApiPermission, ViewerKind
from resolvers.scope import Scope

Condition = ColumnElement[bool]
Rule = Callable[[Scope], Condition]

ORGANIZATION = bindparam("viewer_organization_id", type_=BigInteger)
SHOP = bindparam("viewer_shop_id", type_=BigInteger)
MERCHANT_USER = bindparam("viewer_merchant_user_id", type_=BigInteger)
EMPLOYEE = bindparam("viewer_employee_id", type_=BigInteger)


def everyone(_scope: Scope) -> Condition:
    return true()


def own(table: Table, scope: Scope, permission: ApiPermission | None = None) -> Condition:
    """The partner's own rows, with the permission where one is asked for."""
    may = scope.kind is ViewerKind.PARTNER and (permission is None or permission in scope.permissions)
    return table.c.organization_id == ORGANIZATION if may else false()


def of_shop(table: Table, scope: Scope) -> Condition:
    """The merchant's own rows."""
    return table.c.shop_id == SHOP if scope.kind is ViewerKind.MERCHANT else false()


def of_support(scope: Scope) -> Condition:
    return true() if scope.kind is ViewerKind.EMPLOYEE else false()


def either(*conditions: Condition) -> Condition:
    """Where none of them can be fulfilled it is `false()` itself, so that `is_none` knows it."""
    possible = [condition for condition in conditions if not is_none(condition)]
    return or_(*possible) if possible else false()


def is_none(condition: Condition) -> bool:
    """Whether no row can fulfil it, whatever the tables hold."""
    return bool(condition.compare(false()))


def held_by(table: Table, parent: Table, column: str, visible: Condition) -> Condition:
    """A visible row of `parent` holds the row."""
    if is_none(visible):
        return false()
    same = and_(parent.c.organization_id == table.c.organization_id, parent.c.id == table.c[column])
    return exists(select(1).select_from(parent).where(same, visible).correlate(table))


def named_by(
    target: Table, scope: Scope, naming: Sequence[tuple[Table, str, Rule]], *conditions: Condition
) -> Condition:
    """A row that is visible by its rule names the target's id in that column."""
    named: list[Any] = []
    for table, column, rule in naming:
        visible = rule(scope)
        if not is_none(visible):
            here = (table.c[column] == target.c.id, visible, *conditions)
            named.append(exists(select(1).select_from(table).where(*here).correlate(target)))
    return either(*named)
