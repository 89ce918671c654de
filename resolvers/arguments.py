"""Arguments as batch functions want them: ids of the wire become numbers before they are bound."""

from collections.abc import Collection
from dataclasses import replace

from gateway.execution.sources import Call
from resolvers.gid import parse_as


def with_ids(call: Call, **typenames: Collection[str]) -> Call:
    """The call with those arguments as row ids: `with_ids(call, shop_id={"Shop"})`. Raises INVALID_ID."""
    arguments = dict(call.arguments)
    for name, allowed in typenames.items():
        if arguments.get(name) is not None:
            arguments[name] = parse_as(arguments[name], allowed)
    return replace(call, arguments=arguments)
