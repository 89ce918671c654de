"""One execution of a plan, and what its levels have in common."""

from typing import Any

from graphql import VariableValues


class Run:
    """One execution of a plan. `concrete` keeps which plan built which objects of abstract types.

    `as_json` says that the answer is only written, so that parts of it may be JSON already.
    """

    __slots__ = ("as_json", "concrete", "context", "failed", "variables")

    def __init__(self, context: Any, variables: VariableValues, *, as_json: bool = False) -> None:
        self.context = context
        self.variables = variables
        self.as_json = as_json
        self.failed = False
        self.concrete: list[tuple[Any, list[Any]]] = []

    def plans(self) -> dict[int, Any]:
        """The plan of each object of an abstract type, by the id of its dict."""
        return {id(value): plan for plan, built in self.concrete for value in built}
