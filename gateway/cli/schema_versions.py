"""partner-gateway schema print, changelog: the versions of this code, and the files that tell of them."""

# ruff: noqa: PLC0415 - the schema takes a second to import, and other actions of the command do without it

import argparse

from gateway.cli.problem import Problem

DONE = 0


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    show = subparsers.add_parser("print", help="print a version's schema in the schema language, sorted")
    show.add_argument("--version", metavar="V", help="default: the newest that is released")
    show.set_defaults(run=print_version)

    log = subparsers.add_parser(
        "changelog",
        help="print what changed in which version; --write brings it and the snapshots up to date",
        description="Prints the changelog, or writes schema/CHANGELOG.md and schema/snapshots/. A released version may"
        " change in prose and deprecations only: anything else is refused, unless --thaw says that nobody uses it yet.",
    )
    log.add_argument("--write", action="store_true", help="write the changelog and the snapshots of all versions")
    log.add_argument("--thaw", action="store_true", help="let released versions change in more than prose")
    log.set_defaults(run=write_changelog)


def print_version(args: argparse.Namespace) -> int:
    import schema
    from schema import snapshot

    version = args.version or schema.NEWEST
    if version not in schema.VERSIONS:
        raise Problem(f"{version} is not served: take one of {', '.join(schema.VERSIONS)}", is_usage=True)
    print(snapshot.printed(schema.build(version)), end="")
    return DONE


def write_changelog(args: argparse.Namespace) -> int:
    from schema import snapshot

    if not args.write:
        print(snapshot.current_files()[snapshot.CHANGELOG], end="")
        return DONE
    try:
        written = snapshot.write(snapshot.current_files(), thaw=args.thaw)
    except snapshot.Frozen as error:
        raise Problem(str(error)) from None
    for path in written:
        print(path)
    return DONE
