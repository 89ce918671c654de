"""Two engines over one schema: ours, which compiles documents to plans, and graphql-core, which walks them.

What ours does not take (introspection) graphql-core answers in both.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    VariableValues,
    execute,
)

from gateway.execution.compiler import Compiler, Unsupported, flags_of
from gateway.execution.failure import Settlement
from gateway.execution.plan import ObjectPlan
from gateway.execution.rows import ROOT
from gateway.execution.run import Run
from gateway.execution.variables import Variables

# A plan of an ordinary document takes 50 to 200 kB, so these take 100 MB at the most.
MOST_PLANS = 500


class Operation:
    """One operation of a document that was validated. Plans are kept by it, so one document has one."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, node: OperationDefinitionNode) -> None:
        self.schema = schema
        self.document = document
        self.node = node
        self.flags = flags_of(document)
        self._variables = Variables(schema, node)
        # What it asks for that is deprecated, as whoever looked for it tells it; None where nothing is.
        self.deprecated: Any = None
        # What it may cost, by the values that this hangs on.
        self.costs: dict[tuple[Any, ...], int] = {}
        # What each of its root fields asks of the caller, once it was looked up.
        self.permissions: Sequence[Any] | None = None

    @property
    def name(self) -> str | None:
        return self.node.name.value if self.node.name else None

    @property
    def is_query(self) -> bool:
        return self.node.operation is OperationType.QUERY

    def coerce(self, variables: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """The variables as the operation declares them; what it does not declare is left out."""
        return self._variables.coerce(variables)


class Plans:
    """The plans that were used last, whoever asked: a plan holds nothing of a caller."""

    def __init__(self, most: int = MOST_PLANS) -> None:
        self._most = most
        self._plans: OrderedDict[Any, ObjectPlan | None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._plans)

    def get(self, operation: Operation, variables: Mapping[str, Any]) -> ObjectPlan | None:
        """None where the document is graphql-core's to answer."""
        flags = {name: variables[name] for name in operation.flags if name in variables}
        key = (operation, tuple(flags.values()))
        if key in self._plans:
            self._plans.move_to_end(key)
            return self._plans[key]
        plan: ObjectPlan | None
        try:
            plan = Compiler(operation.schema, operation.document, flags).compile(operation.node)
        except Unsupported:
            plan = None
        self._plans[key] = plan
        if len(self._plans) > self._most:
            self._plans.popitem(last=False)
        return plan


class Engine:
    """Executes operations; `context` is what batch functions are called with. Errors stay where they belong."""

    def __init__(self, name: str) -> None:
        """`name` is a setting: compiled or graphql-core."""
        self._plans = Plans() if name == "compiled" else None

    async def execute(
        self, operation: Operation, variables: VariableValues, context: Any, *, as_json: bool = False
    ) -> ExecutionResult:
        """With `as_json` the data is for orjson alone: lists of it may be JSON already."""
        plan = None if self._plans is None else self._plans.get(operation, variables.coerced)
        if plan is None:
            return await _walk(operation, variables, context)
        return await run_plan(plan, operation, variables, context, as_json=as_json)


async def _walk(operation: Operation, variables: VariableValues, context: Any) -> ExecutionResult:
    given = {name: source.value for name, source in variables.sources.items() if source.value is not Undefined}
    result = execute(
        operation.schema,
        operation.document,
        context_value=context,
        variable_values=given,
        operation_name=operation.name,
    )
    return result if isinstance(result, ExecutionResult) else await cast("Any", result)


async def run_plan(
    plan: ObjectPlan, operation: Operation, variables: VariableValues, context: Any, *, as_json: bool
) -> ExecutionResult:
    run = Run(context, variables, as_json=as_json)
    build = plan.build if operation.is_query else plan.build_serially
    data = (await build(ROOT, run))[0]
    if not run.failed:
        return ExecutionResult(data, None)
    settlement = Settlement(run.plans())
    return ExecutionResult(settlement.settle(plan, data), settlement.errors or None)
