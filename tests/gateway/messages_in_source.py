"""The templates of messages, as the source has them: what a catalogue must translate."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from gateway import errors

ROOT = Path(errors.__file__).parents[1]
FOLDERS = ("gateway", "resolvers", "schema")

# Which argument of the call is the template.
_PLACES = {"Reason": 2} | {
    name: 0
    for name, each in vars(errors).items()
    if isinstance(each, type) and issubclass(each, errors.GatewayError)
    if not each.is_worded_for_clients
}


class NoLiteral(Exception):
    """A template that is not written out where it is used, in a constant, or in a loop over written rows."""


@cache
def templates() -> dict[str, str]:
    """Each template with the place where it is used."""
    return {
        template: f"{path.relative_to(ROOT)}:{line}"
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        for template, line in templates_in(path.read_text(), str(path.relative_to(ROOT)))
    }


def templates_in(source: str, name: str) -> Iterator[tuple[str, int]]:
    tree = ast.parse(source)
    yield from _within(tree, [], name)


def _within(node: ast.AST, scopes: list[ast.AST], name: str) -> Iterator[tuple[str, int]]:
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        scopes = [*scopes, node]
    for child in ast.iter_child_nodes(node):
        yield from _within(child, scopes, name)
    if isinstance(node, ast.Call) and (place := _PLACES.get(_called(node, scopes))) is not None:
        template = _template(node, place)
        for text in _texts(template, scopes, f"{name}:{node.lineno}") if template else ():
            yield text, node.lineno


def _called(call: ast.Call, scopes: list[ast.AST]) -> str:
    """The class that is called; within an error of its own, `super().__init__` is that error."""
    name = ast.unparse(call.func)
    if name == "super().__init__":
        within = next((scope.name for scope in reversed(scopes) if isinstance(scope, ast.ClassDef)), "")
        return "" if within == "GatewayError" else within
    return name.rpartition(".")[2]


def _template(call: ast.Call, place: int) -> ast.expr | None:
    """None where it comes from elsewhere, as when a reason that was kept is read again."""
    if len(call.args) > place and not any(isinstance(each, ast.Starred) for each in call.args[: place + 1]):
        return call.args[place]
    return next((each.value for each in call.keywords if each.arg == "template"), None)


def _texts(node: ast.expr, scopes: list[ast.AST], where: str) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _texts(node.body, scopes, where) + _texts(node.orelse, scopes, where)
    if isinstance(node, ast.Subscript):
        return _texts(node.value, scopes, where)
    if isinstance(node, ast.Dict):
        return [text for value in node.values for text in _texts(value, scopes, where)]
    if isinstance(node, ast.Name):
        for scope in reversed(scopes):
            if values := list(_assigned(node.id, scope)):
                return [text for value in values for text in _texts(value, scopes, where)]
    raise NoLiteral(f"{where}: write the message out as one text with {{places}}, not as {ast.unparse(node)}")


def _assigned(name: str, scope: ast.AST) -> Iterator[ast.expr]:
    """What the name stands for within the function or module: by assignments, and by loops over written rows."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _matched(name, target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield from _matched(name, node.target, node.value)
        elif isinstance(node, ast.For) and isinstance(node.iter, (ast.Tuple, ast.List)):
            for row in node.iter.elts:
                yield from _matched(name, node.target, row)


def _matched(name: str, target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=True):
            yield from _matched(name, one, other)
