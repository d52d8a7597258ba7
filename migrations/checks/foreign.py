"""Anybody's Alembic project: its history observed on a scratch database, its models built on another."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import psycopg
from alembic.config import Config

from ...schema.core.catalog import Catalog
from ...schema.core.errors import CheckFailed, ConfigurationError
from ...server import Server, scratch
from .foreign_project import Outcome

_LAST_LINES = 5
_WORKER = "from airside.migrations.checks.foreign_worker import main; main()"


@dataclass(frozen=True, slots=True)
class Project:
    """An Alembic project: its ini file, the section in it, and where its modules are imported from.

    `metadata` is `package.module:Name.metadata`, the models that the migrations should make; None when unknown.
    """

    ini: Path
    section: str = "alembic"
    metadata: str | None = None
    path: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if not self.ini.is_file():
            raise ConfigurationError(
                "no such file", where=str(self.ini), next_step="give the path of the project's alembic.ini"
            )
        config = Config(str(self.ini), ini_section=self.section)
        if not config.file_config.has_option(self.section, "script_location"):
            raise ConfigurationError(
                f"no script_location in section [{self.section}]",
                where=str(self.ini),
                next_step="name the section: --alembic-name NAME",
            )

    @property
    def folder(self) -> Path:
        """Where its relative paths begin: the current folder, as for `alembic -c`, if it is there; else the ini's."""
        config = Config(str(self.ini), ini_section=self.section)
        location = config.get_section_option(self.section, "script_location") or ""
        here = not Path(location).is_absolute() and Path(location).is_dir()
        return Path.cwd() if here else self.ini.parent.resolve()


def project_history(
    server: Server,
    project: Project,
    *,
    back: bool = True,
    at_head: Callable[[psycopg.Connection[Any]], None] = lambda _: None,
) -> Outcome:
    """Run the project's revisions up, and with `back` down again, each observed. `at_head` is called in between.

    What could not be observed is among the outcome's problems. Raises CheckFailed when the process itself dies.
    """
    with scratch(server, label=project.ini.parent.name) as made:

        def look() -> None:
            with made.server.connect(made.name, autocommit=True) as connection:
                at_head(connection)

        return Worker.started(project, made.server, made.name, "history", back=back).finished(look)


def declared_by(server: Server, project: Project) -> Catalog:
    """The catalog that the project's models make. Raises CheckFailed when they cannot be imported or built."""
    with scratch(server, label=f"{project.ini.parent.name}_models") as made:
        outcome = Worker.started(project, made.server, made.name, "models").finished()
    if outcome.problems or not outcome.steps:
        raise CheckFailed(
            outcome.problems[0].message if outcome.problems else "the models made nothing",
            where=project.metadata,
            next_step="give --metadata package.module:Base.metadata, and --path where the package is",
        )
    return outcome.steps[-1].after


@dataclass(slots=True)
class Worker:
    """The process in which a project's code runs. At certain points it says a word and waits for an answer."""

    project: Project
    process: subprocess.Popen[str]
    folder: tempfile.TemporaryDirectory[str]

    @classmethod
    def started(cls, project: Project, server: Server, database: str, task: str, **more: object) -> Worker:
        """Begin `task`: `history` (`back`), `models`, or `revisions` (a list of `revisions`, and whether to `wait`)."""
        folder = tempfile.TemporaryDirectory(prefix="airside-check-")
        arguments = {
            "task": task,
            "ini": str(project.ini.resolve()),
            "section": project.section,
            "metadata": project.metadata,
            "conninfo": server.libpq(database),
            "destination": str(Path(folder.name) / "outcome"),
            "path": [str(path.resolve()) for path in (project.folder, project.ini.parent, *project.path)],
            **more,
        }
        # what it says goes to a file, which never makes it wait
        process = subprocess.Popen(
            [sys.executable, "-c", _WORKER],
            cwd=project.folder,
            env={**os.environ, "AIRSIDE_CHECK": json.dumps(arguments)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(Path(folder.name) / "said").open("w"),
            text=True,
        )
        return cls(project, process, folder)

    def waits(self) -> bool:
        """Whether it has said a word and waits; False when it has ended instead."""
        return bool(cast("IO[str]", self.process.stdout).readline())

    def goes_on(self) -> None:
        """Answer it."""
        # it may have died
        with suppress(BrokenPipeError):
            print(file=self.process.stdin, flush=True)

    def finished(self, at_word: Callable[[], None] = lambda: None) -> Outcome:
        """What it found, `at_word` called each time it waits. Raises CheckFailed when it died."""
        try:
            while self.waits():
                at_word()
                self.goes_on()
            self.process.wait()
            return self._outcome()
        finally:
            self.close()

    def close(self) -> None:
        """End the process, if it still runs, and take its files away."""
        if self.process.poll() is None:
            self.process.kill()
        with self.process:
            pass
        self.folder.cleanup()

    def _outcome(self) -> Outcome:
        destination = Path(self.folder.name) / "outcome"
        if not destination.is_file():
            said = (Path(self.folder.name) / "said").read_text(errors="replace").splitlines()
            raise CheckFailed(
                f"the project's process ended with {self.process.returncode}: {_last(said)}",
                where=str(self.project.ini),
                next_step="run `alembic upgrade head` on an empty database to see what it says",
            )
        return cast("Outcome", pickle.loads(destination.read_bytes()))


def _last(lines: Sequence[str]) -> str:
    return " / ".join(line.strip() for line in lines[-_LAST_LINES:] if line.strip()) or "nothing said"
