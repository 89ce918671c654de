"""partner-gateway schema: what schemas hold, and what differs between them."""

import argparse

from gateway.cli import schema_check, schema_diff, schema_usage, schema_versions

# Each module has `add_parser(subparsers)`, as the commands themselves.
ACTIONS = (schema_versions, schema_diff, schema_check, schema_usage)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("schema", help="print versions, compare schemas, and judge what their changes break")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for action in ACTIONS:
        action.add_parser(actions)
