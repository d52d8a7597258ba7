"""Anybody's Alembic project: its history observed on a scratch database, its models built on another."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from alembic.config import Config

from ...schema.core.catalog import Catalog
from ...schema.core.errors import CheckFailed, ConfigurationError
from ...server import Server, scratch
from .foreign_worker import Outcome

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


def project_history(server: Server, project: Project, *, back: bool = True) -> Outcome:
    """Run the project's revisions up, and with `back` down again, each observed.

    What could not be observed is among the outcome's problems. Raises CheckFailed when the process itself dies.
    """
    with scratch(server, label=project.ini.parent.name) as made:
        return _worked(project, made.server, made.name, "history", back=back)


def declared_by(server: Server, project: Project) -> Catalog:
    """The catalog that the project's models make. Raises CheckFailed when they cannot be imported or built."""
    with scratch(server, label=f"{project.ini.parent.name}_models") as made:
        outcome = _worked(project, made.server, made.name, "models", back=False)
    if outcome.problems or not outcome.steps:
        raise CheckFailed(
            outcome.problems[0].message if outcome.problems else "the models made nothing",
            where=project.metadata,
            next_step="give --metadata package.module:Base.metadata, and --path where the package is",
        )
    return outcome.steps[-1].after


def _worked(project: Project, server: Server, database: str, task: str, *, back: bool) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="airside-check-") as folder:
        destination = Path(folder) / "outcome"
        arguments = {
            "task": task,
            "ini": str(project.ini.resolve()),
            "section": project.section,
            "metadata": project.metadata,
            "conninfo": server.libpq(database),
            "destination": str(destination),
            "back": back,
            "path": [str(path.resolve()) for path in (project.ini.parent, *project.path)],
        }
        done = subprocess.run(
            [sys.executable, "-c", _WORKER],
            cwd=project.ini.parent,
            env={**os.environ, "AIRSIDE_CHECK": json.dumps(arguments)},
            capture_output=True,
            text=True,
            check=False,
        )
        if not destination.is_file():
            raise CheckFailed(
                f"the project's process ended with {done.returncode}: {_last(done.stderr.splitlines())}",
                where=str(project.ini),
                next_step="run `alembic upgrade head` on an empty database to see what it says",
            )
        return cast("Outcome", pickle.loads(destination.read_bytes()))


def _last(lines: Sequence[str]) -> str:
    return " / ".join(line.strip() for line in lines[-_LAST_LINES:] if line.strip()) or "nothing said"
