"""The release before: its models' statements against the new schema, while both are running."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ...schema.core.database import Database
from ...schema.core.errors import CheckFailed, ConfigurationError, DeclarationError, UnknownRevision
from ...schema.core.registry import Entry
from ...server import Scratch, Server, scratch
from ..declared import empty_database
from .model import Finding
from .old_release import CHECK, Compared, judged

_WORKER = "from airside.migrations.checks.release_worker import main; main()"
_LAST_LINES = 3


@dataclass(frozen=True, slots=True)
class Release:
    """The files of a git revision in a folder of their own; `top` is the repository that they come from."""

    ref: str
    commit: str
    top: Path
    folder: Path

    def there(self, path: Path) -> Path | None:
        """Where a file or folder of the working tree stands in the release; None for one outside of the repository."""
        resolved = path.resolve()
        return self.folder / resolved.relative_to(self.top) if resolved.is_relative_to(self.top) else None


@dataclass(frozen=True, slots=True)
class Models:
    """What an application runs its statements with: `package.module:Name.metadata`, imported from `path`.

    `role` is the one that it connects as, if known. For a declared database the attribute is `database`.
    """

    metadata: str
    path: tuple[Path, ...]
    target: str
    role: str | None = None
    database: Database | None = None

    @classmethod
    def declared(cls, entry: Entry, database: Database) -> Models:
        return cls(f"{entry.module}:database", (entry.origin.parent,), entry.target, database.roles.app, database)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the worker hands back: the comparison, or why the models could not be had."""

    compared: Compared | None
    problem: str | None = None
    absent: bool = False


@contextmanager
def checked_out(ref: str, beside: Path) -> Generator[Release]:
    """The files of git revision `ref` of the repository that `beside` lies in, in a temporary folder.

    The working tree, the index and the list of worktrees stay as they are. Raises ConfigurationError where there is no
    repository (or no git), UnknownRevision when git does not know `ref`.
    """
    top = Path(_git(beside, "rev-parse", "--show-toplevel", refused=_no_repository(beside)).strip()).resolve()
    unknown = UnknownRevision(
        f"git knows no revision {ref!r}", where=str(top), next_step="name a branch, a tag or a commit; fetch it first"
    )
    commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}", refused=unknown)
    with tempfile.TemporaryDirectory(prefix="airside-release-") as temporary:
        # an index of its own: attributes such as export-ignore leave nothing out
        index = {"GIT_INDEX_FILE": str(Path(temporary) / "index")}
        folder = Path(temporary) / "files"
        folder.mkdir()
        failed = CheckFailed(f"the files of {ref} could not be written", where=str(top), next_step="see `git fsck`")
        _git(top, "read-tree", commit.strip(), refused=failed, env=index)
        _git(top, "checkout-index", "--all", f"--prefix={folder}{os.sep}", refused=failed, env=index)
        yield Release(ref, commit.strip(), top, folder.resolve())


def _no_repository(beside: Path) -> ConfigurationError:
    return ConfigurationError(
        "not in a git repository",
        where=str(beside),
        next_step="--old-ref compares with a git revision: run it in a clone with its history",
    )


def _git(folder: Path, *arguments: str, refused: Exception, env: dict[str, str] | None = None) -> str:
    # a hook sets variables that would lead elsewhere
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            env={**kept, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise ConfigurationError("git is not installed", next_step="install git, or leave --old-ref out") from None
    if done.returncode:
        raise refused
    return done.stdout


def old_release_findings(server: Server, release: Release, models: Models, database: str) -> tuple[Finding, ...]:
    """Run the statements of the release's models against `database`, which is at the new head and holds rows.

    Nothing stays behind in it. Raises DeclarationError when the old models cannot be imported.
    """
    with _empty(server, models) as made:
        outcome = _worked(server, release, models, made.name, database)
    if outcome.absent:
        return (_not_there(release, models),)
    if outcome.compared is None:
        raise DeclarationError(
            f"the models of {release.ref} cannot be had: {outcome.problem}",
            where=models.metadata,
            next_step="they are imported with the packages that are installed here: install what they need",
        )
    return judged(outcome.compared, ref=release.ref, target=models.target)


def _not_there(release: Release, models: Models) -> Finding:
    return Finding(
        CHECK,
        models.target,
        f"release {release.ref} has no {models.metadata.partition(':')[0]}: nothing of it to compare",
        "nothing, when the database is new",
        "note",
    )


@contextmanager
def _empty(server: Server, models: Models) -> Generator[Scratch]:
    if models.database is None:
        with scratch(server, label="old_release") as made:
            yield made
    else:
        with empty_database(server, models.database) as made:
            yield made


def _worked(server: Server, release: Release, models: Models, old: str, new: str) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="airside-check-") as folder:
        destination = Path(folder) / "outcome"
        arguments = {
            "metadata": models.metadata,
            "role": models.role,
            "owner": models.database.roles.owner if models.database else None,
            "top": str(release.top),
            "folder": str(release.folder),
            "path": _paths(models.path),
            "old": server.libpq(old),
            "new": server.libpq(new),
            "destination": str(destination),
        }
        done = subprocess.run(
            [sys.executable, "-c", _WORKER],
            cwd=release.folder,
            env={**os.environ, "AIRSIDE_OLD_RELEASE": json.dumps(arguments)},
            capture_output=True,
            text=True,
            check=False,
        )
        if not destination.is_file():
            last = " / ".join(line.strip() for line in done.stderr.splitlines()[-_LAST_LINES:]) or "nothing said"
            raise CheckFailed(
                f"the process of the old models ended with {done.returncode}: {last}",
                where=models.metadata,
                next_step=f"import {models.metadata.partition(':')[0]} at {release.ref} to see what it says",
            )
        return cast("Outcome", pickle.loads(destination.read_bytes()))


def _paths(path: Sequence[Path]) -> list[str]:
    return [str(item.resolve()) for item in path]
