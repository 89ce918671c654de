"""Fields that answer to the same key must be mergeable: the specification's rule, set by set instead of pair by pair.

Comparing fields in pairs is quadratic, and fragments make it worse. Here the fields that meet at one place of the
answer are taken together, grouped by response key, and each group is looked at once:

- *shape*: all fields of a group return the same shape, whatever their parents;
- *call*: fields whose parents can be the same object are one field with the same arguments.

What the fields of a group select, taken together, is the next set. A set is known by the blocks that its fields stand
in, and no set is looked at twice; so fragments that spread each other come to an end.
"""

from collections import defaultdict, deque

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    OperationDefinitionNode,
    ValidationContext,
    ValidationRule,
    get_named_type,
    is_leaf_type,
)

from gateway.execution.blocks import Blocks, Field

# Interfaces within interfaces, with objects told apart on each level, can be written so that the sets multiply. A
# document of ten thousand tokens that is meant for reading needs a tenth of this; what needs more is refused.
MAX_WORK = 100_000


class FieldsCanBeMergedRule(ValidationRule):
    """As the specification has it, but for one thing: `T` and `T!` of the same named type may merge.

    Clients in wide use select a field that some types have nullable and others not. Lists stay strict.
    """

    nullability_may_differ = True

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._blocks = Blocks(context.schema, context.document)
        self._pending: deque[tuple[frozenset[int], bool, bool]] = deque()
        self._looked_at: set[tuple[frozenset[int], bool, bool]] = set()
        self._reached: set[int] = set()
        self._reported: set[tuple[int, int]] = set()
        self._work = 0

    def leave_document(self, document: DocumentNode, *_: object) -> None:
        """Last, so that the simpler mistakes are told first."""
        fragments = []
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                root = self.context.schema.get_root_type(definition.operation)
                self._add(self._blocks.of(definition.selection_set, root), shape=True, call=True)
            elif isinstance(definition, FragmentDefinitionNode):
                fragments.append(definition)
        self._run()
        for fragment in fragments:
            blocks = self._blocks.of_fragment(fragment)
            if not blocks <= self._reached and self._work <= MAX_WORK:
                self._add(blocks, shape=True, call=True)
                self._run()

    def _add(self, blocks: frozenset[int], *, shape: bool, call: bool) -> None:
        asked = (blocks, shape, call)
        if blocks and asked not in self._looked_at and (blocks, True, True) not in self._looked_at:
            self._looked_at.add(asked)
            self._pending.append(asked)

    def _run(self) -> None:
        while self._pending:
            blocks, shape, call = self._pending.popleft()
            self._reached |= blocks
            by_key: defaultdict[str, list[Field]] = defaultdict(list)
            for number in sorted(blocks):
                fields = self._blocks.by_number[number].fields
                self._work += len(fields)
                for item in fields:
                    by_key[(item.node.alias or item.node.name).value].append(item)
            if self._work > MAX_WORK:
                self.report_error(GraphQLError("The fields of the document meet in too many ways to be compared."))
                self._pending.clear()
                return
            for key, group in by_key.items():
                self._check(key, group, shape=shape, call=call)

    def _check(self, key: str, group: list[Field], *, shape: bool, call: bool) -> None:
        """Looks at one group, and adds the set below it unless the group itself is in conflict."""
        together = _by_object(group) if call else []
        for fields in together:
            if self._calls_differ(key, fields):
                return
        if shape and self._shapes_differ(key, group):
            return
        if len(together) == 1:
            self._add(self._blocks.of_fields(group), shape=shape, call=True)
            return
        if shape:
            self._add(self._blocks.of_fields(group), shape=True, call=False)
        for fields in together:
            self._add(self._blocks.of_fields(fields), shape=False, call=True)

    def _calls_differ(self, key: str, fields: list[Field]) -> bool:
        first = fields[0]
        for other in fields[1:]:
            if first.node.name.value != other.node.name.value:
                return self._report(key, f"'{first}' and '{other}' are different fields", first, other)
            if (first.node.arguments or other.node.arguments) and first.call != other.call:
                return self._report(key, f"'{first}' is selected with different arguments", first, other)
        return False

    def _shapes_differ(self, key: str, group: list[Field]) -> bool:
        kinds: dict[str, tuple[GraphQLOutputType, Field]] = {}
        for other in group:
            if other.type is None or str(other.type) in kinds:
                continue
            for kind, first in kinds.values():
                if self._is_conflict(kind, other.type):
                    return self._report(key, f"'{first}' is {kind}, '{other}' is {other.type}", first, other)
            kinds[str(other.type)] = (other.type, other)
        return False

    def _is_conflict(self, one: GraphQLOutputType, two: GraphQLOutputType) -> bool:
        if self.nullability_may_differ and isinstance(one, GraphQLNonNull) is not isinstance(two, GraphQLNonNull):
            inner = [kind.of_type if isinstance(kind, GraphQLNonNull) else kind for kind in (one, two)]
            return isinstance(inner[0], GraphQLList) or inner[0] is not inner[1]
        return _shape(one) != _shape(two)

    def _report(self, key: str, reason: str, first: Field, other: Field) -> bool:
        pair = (id(first), id(other))
        if pair not in self._reported:
            self._reported.add(pair)
            message = f"Fields '{key}' conflict: {reason}. Give one of them another alias."
            self.report_error(GraphQLError(message, [first.node, other.node]))
        return True


class StrictFieldsCanBeMergedRule(FieldsCanBeMergedRule):
    """The specification to the letter."""

    nullability_may_differ = False


def _by_object(group: list[Field]) -> list[list[Field]]:
    """Fields whose parents can be the same object. Those on an interface or union can meet every object."""
    abstract: list[Field] = []
    by_object: defaultdict[str, list[Field]] = defaultdict(list)
    for item in group:
        (by_object[item.parent.name] if isinstance(item.parent, GraphQLObjectType) else abstract).append(item)
    return [abstract + fields for fields in by_object.values()] or [abstract]


def _shape(kind: GraphQLOutputType) -> str:
    """Lists, nulls and the leaf. What objects hold is compared field by field."""
    named = get_named_type(kind)
    return str(kind) if is_leaf_type(named) else str(kind).replace(named.name, "{}")
