"""Whether a document fits the schema: graphql-core's rules, three of them replaced.

No document within the limits takes long, and no answer is much longer than its document.
"""

from contextlib import suppress
from typing import Any

from graphql import (
    SKIP,
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FieldsOnCorrectTypeRule,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    OverlappingFieldsCanBeMergedRule,
    ValidationRule,
    ValueNode,
    ValuesOfCorrectTypeRule,
    VisitorAction,
    specified_rules,
    validate,
)

from gateway.execution.merge import FieldsCanBeMergedRule

# Each error may carry suggestions, which are searched for among all names of the schema; twenty are enough to mend.
MAX_ERRORS = 20
# A message names what it is about, and a hostile name is as long as the document.
MAX_MESSAGE_LENGTH = 1_000
# Each error of a value prints the whole value.
MAX_ERRORS_A_VALUE = 3


class FieldExistsRule(ValidationRule):
    """Says it in the words that clients of the Partner API look for."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self.context.get_parent_type()
        if parent and not self.context.get_field_def():
            message = f"Field '{node.name.value}' doesn't exist on type '{parent}'"
            self.report_error(GraphQLError(message, node, extensions={"code": "undefinedField"}))


class _EnoughError(Exception):
    """Ends the check of one value."""


class ValueFitsRule(ValuesOfCorrectTypeRule):
    """Stops after a few errors in one value: a list of thousands would be printed for each."""

    _errors = 0

    def is_valid_value_node(self, node: ValueNode, input_type: GraphQLInputType | None) -> VisitorAction:
        self._errors = 0
        with suppress(_EnoughError):
            super().is_valid_value_node(node, input_type)
        return SKIP

    def report_error(self, error: GraphQLError) -> None:
        super().report_error(error)
        self._errors += 1
        if self._errors == MAX_ERRORS_A_VALUE:
            raise _EnoughError


_REPLACED: dict[type[ASTValidationRule], type[ASTValidationRule]] = {
    FieldsOnCorrectTypeRule: FieldExistsRule,
    OverlappingFieldsCanBeMergedRule: FieldsCanBeMergedRule,
    ValuesOfCorrectTypeRule: ValueFitsRule,
}
RULES = tuple(_REPLACED.get(rule, rule) for rule in specified_rules)


def validate_document(
    schema: GraphQLSchema, document: DocumentNode, *, max_errors: int = MAX_ERRORS
) -> list[GraphQLError]:
    """Empty for a valid document. After `max_errors` one more error says that validation was aborted."""
    errors = validate(schema, document, RULES, max_errors)
    for error in errors:
        if len(error.message) > MAX_MESSAGE_LENGTH:
            error.message = error.message[:MAX_MESSAGE_LENGTH] + "…"
    return errors
