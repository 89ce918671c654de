"""Why a text is no schema: graphql-core's parser says it, in the words of every GraphQL tool."""

from graphql import ExecutableDefinitionNode, GraphQLError, GraphQLSyntaxError, SourceLocation, parse

from gateway.diff.origin import LoadError, Origin, Place


def place_of(error: GraphQLError, file: str) -> Place:
    """Of a syntax error in that file."""
    where = error.locations[0] if error.locations else SourceLocation(1, 1)
    return Place(file, where.line, where.column)


def explain(origin: Origin) -> LoadError:
    """Each file by itself, as they were read."""
    for name, text in origin.files:
        alone = Origin(name, ((name, text),))
        try:
            document = parse(text)
        except GraphQLSyntaxError as error:
            if not text.strip() and len(origin.files) > 1:
                continue
            return LoadError(place_of(error, name), error.message)
        for definition in document.definitions:
            if isinstance(definition, ExecutableDefinitionNode):
                at = definition.loc.start if definition.loc else 0
                return LoadError(alone.place(at), "this is an operation or a fragment, where a schema is expected")
    return LoadError(Place(origin.label), "there is no schema in it")
