"""The commands. Each module has `add_parser(subparsers)`, which sets `run(args) -> exit status`."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from gateway.cli.problem import Problem
from gateway.errors import GatewayError
from gateway.settings import SettingsError

COMMANDS = ("demo", "serve", "work", "migrate", "seed", "token", "export", "audit", "schema", "check", "bench")
FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted. What went wrong is one sentence on stderr."""
    parser = argparse.ArgumentParser(
        prog="partner-gateway", description="A GraphQL gateway that answers as the Shopify Partner API does."
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    given = sys.argv[1:] if arguments is None else list(arguments)
    # Only the command that is asked for: some import in a moment what others take seconds to.
    for command in [name for name in COMMANDS if name in given[:1]] or COMMANDS:
        import_module(f"gateway.cli.{command}").add_parser(subparsers)
    args = parser.parse_args(given)
    try:
        status: int = args.run(args)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Problem as problem:
        return _say(str(problem), WRONG_USAGE if problem.is_usage else FAILED)
    except SettingsError as error:
        return _say(str(error), WRONG_USAGE)
    except GatewayError as error:
        return _say(error.message, FAILED)
    except _of_the_database() as error:
        return _say(_sentence(error), FAILED)
    return status


def _of_the_database() -> tuple[type[Exception], ...]:
    """SQLAlchemy's errors can only be met by a command that has imported it."""
    exceptions = sys.modules.get("sqlalchemy.exc")
    return (OSError, exceptions.SQLAlchemyError) if exceptions else (OSError,)


def _sentence(error: Exception) -> str:
    original = getattr(error, "orig", None)
    if original is None:
        return f"The database can't be reached: {error}"
    reason = str(original)
    if "no such table" in reason or "does not exist" in reason:
        return f"The database lacks what it needs (run `partner-gateway migrate`): {reason.splitlines()[0]}"
    return f"The database refused: {reason.splitlines()[0]}"


def _say(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status
