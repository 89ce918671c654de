"""The compiled engine: documents become plans, plans are kept, and run breadth first."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableValues,
)

from gateway.execution.compiler import Compiler, Unsupported, flags_of
from gateway.execution.completion import Run
from gateway.execution.failure import Settlement
from gateway.execution.plan import ObjectPlan
from gateway.execution.rows import ROOT

# A plan of an ordinary document takes 50 to 200 kB, so these take 100 MB at the most.
MOST_PLANS = 500


class Operation:
    """One operation of a document that was validated, with its plans: one for each setting of its flags."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self.schema = schema
        self.document = document
        self.operation = operation
        self.flags = flags_of(document)


class Plans:
    """The plans that were used last, whoever asked."""

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
            plan = Compiler(operation.schema, operation.document, flags).compile(operation.operation)
        except Unsupported:
            plan = None
        self._plans[key] = plan
        if len(self._plans) > self._most:
            self._plans.popitem(last=False)
        return plan


async def run_plan(plan: ObjectPlan, operation: Operation, variables: VariableValues, context: Any) -> ExecutionResult:
    run = Run(context, variables)
    serially = operation.operation.operation is OperationType.MUTATION
    build = plan.build_serially if serially else plan.build
    data = (await build(ROOT, run))[0]
    if not run.failed:
        return ExecutionResult(data, None)
    concrete = {id(value): plan for plan, built in run.concrete for value in built}
    settlement = Settlement(concrete)
    return ExecutionResult(settlement.settle(plan, data), settlement.errors or None)
