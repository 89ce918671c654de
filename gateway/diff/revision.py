"""A schema as it is in a revision: `git:origin/main:schema.graphql`."""

import subprocess

from gateway.diff.loading import SUFFIXES, decode
from gateway.diff.origin import LoadError, Origin


def read_revision(source: str) -> Origin:
    """The path counts from the repository's top. A directory gives all its SDL files. Raises LoadError."""
    ref, path = _parts(source)
    names = list_revision(source)
    if names != [path]:
        names = sorted(name for name in names if name.endswith(SUFFIXES))
    if not names:
        raise LoadError(source, "there is no such file in that revision, and no directory with SDL files")
    files = tuple((name, decode(_git(source, "cat-file", "blob", f"{ref}:{name}"), name)) for name in names)
    return Origin(source, files)


def list_revision(source: str) -> list[str]:
    """The files in it, by their paths from the repository's top. Raises LoadError."""
    ref, path = _parts(source)
    listed = _git(source, "ls-tree", "-r", "-z", "--name-only", "--full-tree", ref, "--", f":(literal){path}")
    return [name for name in listed.decode("utf-8", "surrogateescape").split("\0") if name]


def _parts(source: str) -> tuple[str, str]:
    _, ref, path = [*source.split(":", 2), "", ""][:3]
    path = path.strip("/")
    if not ref or not path or ref.startswith("-"):
        raise LoadError(source, "write it as git:REF:PATH, such as git:origin/main:schema.graphql")
    return ref, path


def _git(source: str, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)  # noqa: S603, S607 - git, wherever it is installed; a reference can't be an option
    except OSError:
        raise LoadError(source, "git is not installed") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
        raise LoadError(source, lines[0].removeprefix("fatal: "))
    return done.stdout
