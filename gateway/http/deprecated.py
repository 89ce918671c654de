"""What an operation asks for that is deprecated, and how its answer tells that."""

import re
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInputObjectType,
    GraphQLSchema,
    ObjectFieldNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    visit,
)
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import schema
from gateway.http.exchange import Exchange
from gateway.usage import Deprecated
from schema.changelog import changelog

HEADER = "X-Shopify-API-Deprecated-Reason"
PATH = "/changelog"
# A name of the domain system, with a port; what is longer is none.
MAX_HOST = 260

_HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]+)?|\[[0-9a-fA-F:.]+\](:[0-9]+)?")


def deprecated_in(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> Deprecated | None:
    """What stands in the operation and in the fragments that it spreads; values of variables do not. It is valid."""
    info = TypeInfo(schema)
    finder = _Finder(info)
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    visit(operation, TypeInfoVisitor(info, finder))
    while finder.spreads:
        fragment = fragments.pop(finder.spreads.pop(), None)
        if fragment is not None:
            visit(fragment, TypeInfoVisitor(info, finder))
    return Deprecated(tuple(sorted(finder.coordinates))) if finder.coordinates else None


class _Finder(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.coordinates: set[str] = set()
        self.spreads: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        field, coordinate = self._info.get_field_def(), f"{self._info.get_parent_type()}.{node.name.value}"
        self._note(field, coordinate)
        arguments = {} if field is None else field.args
        for argument in node.arguments or ():
            self._note(arguments.get(argument.name.value), f"{coordinate}({argument.name.value}:)")

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        parent = get_named_type(self._info.get_parent_input_type())
        if isinstance(parent, GraphQLInputObjectType):
            self._note(parent.fields.get(node.name.value), f"{parent.name}.{node.name.value}")

    def enter_enum_value(self, node: EnumValueNode, *_: Any) -> None:
        named = get_named_type(self._info.get_input_type())
        self._note(self._info.get_enum_value(), f"{named}.{node.value}")

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.spreads.add(node.name.value)

    def _note(self, declared: Any, coordinate: str) -> None:
        if declared is not None and declared.deprecation_reason is not None:
            self.coordinates.add(coordinate)


def changelog_url(exchange: Exchange) -> str:
    """Where the caller reads it: at the address that the request was sent to."""
    host = exchange.header(b"host") or ""
    return _url_at(exchange.scope["scheme"], host) if len(host) <= MAX_HOST else PATH


@lru_cache(maxsize=256)
def _url_at(scheme: str, host: str) -> str:
    return f"{scheme}://{host}{PATH}" if _HOST.fullmatch(host) else PATH


def changelog_route() -> Route:
    async def tell(_request: Request) -> Response:
        return Response(changelog(schema.timeline().changes), media_type="text/markdown")

    return Route(PATH, tell)
