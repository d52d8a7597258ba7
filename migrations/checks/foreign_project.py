"""Somebody's Alembic project as Alembic sees it: its revisions in order, one run of its env.py, its version tables."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast

import psycopg
from alembic.config import CommandLine, Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import Script, ScriptDirectory
from alembic.util import to_tuple
from psycopg import sql

from ...schema.core.catalog import Catalog, inspect
from ...schema.core.external import without_external
from .emptied import Refusal
from .model import Finding, Step
from .recording import Recorder

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a revision, or all of it, could not be observed. `revision` is None when it concerns the whole project."""

    revision: str | None
    file: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision of the project: its file, and those that it follows or depends on."""

    id: str
    file: str
    parents: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """What the worker hands back: the steps in the order in which they ran, and what went wrong or was not tried.

    A revision that failed is the last step of its direction; its last effect has the error, where SQL was refused.
    `findings` are about rows that did not survive the way there and back. `refusal` is what PostgreSQL said where it
    was asked for one revision alone. `revisions` are all of the project, oldest first.
    """

    steps: list[Step] = field(default_factory=list[Step])
    problems: list[Problem] = field(default_factory=list[Problem])
    findings: tuple[Finding, ...] = ()
    refusal: Refusal | None = None
    revisions: tuple[Revision, ...] = ()


@dataclass(slots=True)
class ForeignProject:
    """The project with its one ScriptDirectory: reading hundreds of files for each of them would take the time."""

    config: Config
    scripts: ScriptDirectory
    version_tables: set[tuple[str | None, str]] = field(default_factory=set[tuple[str | None, str]])
    in_one_go: bool = False
    """Whether a revision knows which types those before it made, as in one `alembic upgrade` of them all: SQLAlchemy
    does not make such a type again."""
    made: dict[str, set[Any]] = field(default_factory=dict[str, set[Any]])

    @classmethod
    def of(cls, ini: str, section: str) -> ForeignProject:
        # as on the command line: some env.py ask for its options
        options = CommandLine().parser.parse_args(["-c", ini, "-n", section, "upgrade", "heads"])
        config = Config(ini, ini_section=section, cmd_opts=options)
        url = config.get_section_option(section, "sqlalchemy.url")
        if url and not url.startswith("postgres"):
            # many are written for several databases, and their ini file names a local SQLite
            config.set_section_option(section, "sqlalchemy.url", "postgresql+psycopg://")
        return cls(config, ScriptDirectory.from_config(config))

    def in_order(self) -> list[Script]:
        """Every revision after those that it builds on."""
        return list(reversed(list(self.scripts.walk_revisions())))

    def run(self, script: Script | None, direction: Direction = "up", recorder: Recorder | None = None) -> None:
        """One revision through their env.py; with None their env.py alone. Raises whatever their code raises."""
        memos: list[dict[str, set[Any]]] = []

        def steps(_heads: Any, context: MigrationContext) -> Sequence[MigrationStep]:
            self.version_tables.add((context.version_table_schema, context.version_table))
            memo = cast("dict[str, set[Any]]", context.impl.memo)
            if self.in_one_go:
                memo.update({kind: set(names) for kind, names in self.made.items()})
            memos.append(memo)
            return () if script is None else (self._step(script, direction, recorder),)

        target = script.revision if script else "heads"
        with EnvironmentContext(self.config, self.scripts, fn=steps, destination_rev=target):
            self.scripts.run_env()
        for memo in memos:
            for kind, names in memo.items():
                self.made.setdefault(kind, set()).update(names)

    def _step(self, script: Script, direction: Direction, recorder: Recorder | None) -> MigrationStep:
        make = MigrationStep.upgrade_from_script if direction == "up" else MigrationStep.downgrade_from_script
        step = make(self.scripts.revision_map, script)
        if recorder is None:
            return step
        theirs = step.migration_fn

        def migration(**given: Any) -> None:
            with recorder.of(script, direction):
                theirs(**given)

        step.migration_fn = migration
        return step

    def catalog(self, connection: psycopg.Connection[Any]) -> Catalog:
        """The catalog as it is now, without Alembic's own table."""
        schemas = {schema for schema, _ in self.version_tables if schema is not None}
        return _without_versions(inspect(connection), self.versions(connection), schemas)

    def versions(self, connection: psycopg.Connection[Any]) -> set[tuple[str, str]]:
        """Alembic's version tables that are there, as schema and name."""
        found: set[tuple[str, str]] = set()
        for schema, name in self.version_tables:
            rows = connection.execute(
                "SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class AS c"
                " INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid"
                " INNER JOIN pg_catalog.pg_attribute AS a ON c.oid = a.attrelid AND a.attname = 'version_num'"
                " WHERE c.relname = %s AND n.nspname = coalesce(%s, n.nspname)",
                [name, schema],
            ).fetchall()
            found |= cast("set[tuple[str, str]]", set(rows))
        return found


def _without_versions(catalog: Catalog, tables: set[tuple[str, str]], schemas: set[str]) -> Catalog:
    """The catalog without Alembic's version tables, and without their schemas if these hold nothing else."""
    left = without_external(catalog, tables)
    used = {key.identity[0] for key in left if key.kind != "schema"} | {"public"}
    alone = {key for key in left if key.kind == "schema" and key.identity[0] in schemas - used}
    return replace(left, objects={key: item for key, item in left.items() if key not in alone})


def revision_of(script: Script) -> Revision:
    before = (script.down_revision, script.dependencies)
    return Revision(script.revision, script.path, tuple(name for names in before for name in to_tuple(names, ())))


def prepare(project: ForeignProject, connection: psycopg.Connection[Any]) -> Problem | None:
    """Run their env.py once without a revision: what it makes by itself is nobody's effect."""
    try:
        project.run(None)
    except (Exception, SystemExit) as error:
        return Problem(None, project.scripts.env_py_location, told(error))
    for table in project.versions(connection):
        # an empty one would be given rows
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(*table)))
    return None


def told(error: BaseException) -> str:
    """The error as its author would read it: its first line, and where in their files it arose."""
    # the process works in the folder of their alembic.ini
    theirs = [frame for frame in traceback.extract_tb(error.__traceback__) if _within(frame.filename)]
    place = f" ({Path(theirs[-1].filename).name}:{theirs[-1].lineno})" if theirs else ""
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}{place}"


def _within(filename: str) -> bool:
    return Path(filename).is_relative_to(Path.cwd()) and "site-packages" not in filename
