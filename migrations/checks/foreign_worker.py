"""Runs somebody else's Alembic project, unedited, against a scratch database, and writes down what it did.

A process of its own: their env.py and models are imported here. Each revision is one run of their env.py with that
revision alone, so that it decides about transactions as it does in production; the order is Alembic's own, branches
and merges included. The process speaks with its parent on its standard output, which their code cannot reach.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import sys
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal, cast

import psycopg
from alembic.config import CommandLine, Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import Script, ScriptDirectory
from alembic.util import to_tuple
from psycopg import sql
from sqlalchemy import MetaData, NullPool, create_engine
from sqlalchemy.schema import CreateSchema

from ...schema.core.catalog import Catalog, inspect
from ...schema.core.external import without_external
from .contents import Table
from .effects import Effect, Lock, richer
from .emptied import TRIES, Refusal, empty_all, empty_for, refusal
from .foreign_trial import ProjectTrials
from .model import Finding, Step
from .recording import Recorder
from .redirect import Redirection
from .roundtrip import RoundTrip, Trial

Fill = Callable[[psycopg.Connection[Any]], Mapping[str, str]]
Direction = Literal["up", "down"]
_OF_ROWS = ("select_stmt", "insert_stmt", "update_stmt", "delete_stmt", "merge_stmt")


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
class _Project:
    """The project with its one ScriptDirectory: reading hundreds of files for each of them would take the time."""

    config: Config
    scripts: ScriptDirectory
    version_tables: set[tuple[str | None, str]] = field(default_factory=set[tuple[str | None, str]])

    @classmethod
    def of(cls, ini: str, section: str) -> _Project:
        # as on the command line: some env.py ask for its options
        options = CommandLine().parser.parse_args(["-c", ini, "-n", section, "upgrade", "heads"])
        config = Config(ini, ini_section=section, cmd_opts=options)
        return cls(config, ScriptDirectory.from_config(config))

    def in_order(self) -> list[Script]:
        """Every revision after those that it builds on."""
        return list(reversed(list(self.scripts.walk_revisions())))

    def run(self, script: Script | None, direction: Direction, recorder: Recorder) -> None:
        """One revision through their env.py; with None their env.py alone. Raises whatever their code raises."""

        def steps(_heads: Any, context: MigrationContext) -> Sequence[MigrationStep]:
            self.version_tables.add((context.version_table_schema, context.version_table))
            return () if script is None else (self._step(script, direction, recorder),)

        target = script.revision if script else "heads"
        with EnvironmentContext(self.config, self.scripts, fn=steps, destination_rev=target):
            self.scripts.run_env()

    def _step(self, script: Script, direction: Direction, recorder: Recorder) -> MigrationStep:
        make = MigrationStep.upgrade_from_script if direction == "up" else MigrationStep.downgrade_from_script
        step = make(self.scripts.revision_map, script)
        theirs = step.migration_fn

        def migration(**given: Any) -> None:
            with recorder.of(script, direction):
                theirs(**given)

        step.migration_fn = migration
        return step

    def catalog(self, connection: psycopg.Connection[Any]) -> Catalog:
        """The catalog as it is now, without Alembic's own table."""
        return _without_versions(inspect(connection), self.versions(connection))

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


@dataclass(slots=True)
class _Run:
    """One walk up, and down again."""

    project: _Project
    recorder: Recorder
    redirection: Redirection
    connection: psycopg.Connection[Any]
    fill: Fill
    catalog: Catalog
    outcome: Outcome = field(default_factory=Outcome)
    round_trip: RoundTrip = field(default_factory=RoundTrip)
    _without_rows: dict[str, str] = field(default_factory=dict[str, str])
    _to_fill: bool = True

    def walk(self, scripts: Sequence[Script], direction: Direction) -> bool:
        """Whether all of them ran. Where one does not, the others of this direction are not tried, and it is said."""
        for number, script in enumerate(scripts):
            if self.step(script, direction):
                continue
            left = [script.revision for script in scripts[number + 1 :]]
            if left:
                ways = "not checked" if direction == "up" else "the ways back not tried"
                self.outcome.problems.append(
                    Problem(None, None, f"{ways}, as {script.revision} failed before: {', '.join(left)}")
                )
            return False
        return True

    def step(self, script: Script, direction: Direction) -> bool:
        before = self.catalog
        if self._to_fill:
            self._without_rows = dict(self.fill(self.connection))
            self._to_fill = False
            self.round_trip.before(self.connection)
        refused: list[Effect] = []
        emptied: dict[str, str] = {}
        error = self._attempt(script, direction)
        earlier: tuple[Effect, ...] = ()
        for _ in range(TRIES):
            gone = self._emptied(error, before, emptied) if error is not None else {}
            if not gone:
                break
            self._forget(gone)
            emptied |= gone
            refused += [effect for effect in self.recorder.effects[-1:] if effect.error]
            earlier = richer(earlier, self.recorder.effects)[:-1]
            error = self._attempt(script, direction)
        self.recorder.effects = list(richer(earlier, self.recorder.effects))
        if error is not None:
            self.outcome.problems.append(Problem(script.revision, script.path, told(error)))
        self._done(script, direction, before, refused, emptied, failed=error is not None)
        return error is None and self._went_back(script, direction)

    def _went_back(self, script: Script, direction: Direction) -> bool:
        """Whether the next revision can follow. After a down the revision is tried again, on edge values."""
        trials = ProjectTrials(
            self.connection, lambda way: self._attempt(script, "up" if way == "up" else "down") is None
        )
        tried: set[Table] = set()

        def again(step: Step, tables: Collection[Table]) -> tuple[Trial, ...]:
            tried.update(tables)
            return trials(step, tables)

        self.round_trip.after(self.connection, self.outcome.steps[-1], again if direction == "down" else None)
        if tried:
            self._forget(".".join(table) for table in tried)
            self._to_fill = True
        if trials.stuck:
            self.outcome.problems.append(
                Problem(
                    script.revision, script.path, "it does not come back down with rows at the edges of their types"
                )
            )
        return not trials.stuck

    def _forget(self, tables: Iterable[str]) -> None:
        self.round_trip.forget([cast("Table", tuple(name.split(".", 1))) for name in tables])

    def _attempt(self, script: Script, direction: Direction) -> BaseException | None:
        self.recorder.clear()
        self.redirection.aside = 0
        try:
            self.project.run(script, direction, self.recorder)
        except (Exception, SystemExit) as error:
            # their code may raise anything
            return error
        return None

    def _emptied(self, error: BaseException, before: Catalog, already: Mapping[str, str]) -> dict[str, str]:
        """The tables emptied because of an error that rows made up by us may be the reason of, with the reason."""
        said = refusal(error)
        if said.sqlstate and not said.is_of_rows:
            return {}
        if self.project.catalog(self.connection).fingerprint != before.fingerprint:
            # part of it is committed, and cannot run twice
            return {}
        last = self.recorder.effects[-1].sql if self.recorder.effects else ""
        kept = {*already, *map(".".join, self.project.versions(self.connection))}
        try:
            if said.sqlstate:
                return empty_for(self.connection, said, last, but=kept)
            # their own code, perhaps because of the values that it read
            return dict.fromkeys(
                empty_all(self.connection, but=kept), f"their code failed with its rows: {said.message}"
            )
        except psycopg.Error:
            return {}

    def _done(
        self, script: Script, direction: Direction, before: Catalog, refused: list[Effect], emptied: dict[str, str],
        *, failed: bool,
    ) -> None:  # fmt: skip
        effects = self.recorder.effects
        if not failed:
            # an error that their code expected is none
            effects = [effect for effect in effects if effect.error is None]
        after = before
        unseen = self._past_sqlalchemy()
        if failed or unseen or not effects or any(map(_may_change_the_catalog, effects)):
            after = self.catalog = self.project.catalog(self.connection)
        if not effects and after.fingerprint != before.fingerprint:
            unseen = unseen or "its statements did not go through SQLAlchemy"
        # a table may be new, or empty now
        self._to_fill = after is not before or bool(emptied) or any(_writes(effect) for effect in effects)
        without_rows = tuple((self._without_rows | emptied).items())
        self.outcome.steps.append(
            Step(
                script.revision, direction, script.path, tuple(effects), before, after, unseen, without_rows,
                tuple(refused),
            )
        )  # fmt: skip

    def _past_sqlalchemy(self) -> str | None:
        if self.redirection.aside:
            return "statements on a connection of its own did not go through SQLAlchemy"
        if self.recorder.raw:
            return f"statements on a cursor of the driver's own ({self.recorder.raw[0]}) did not go through SQLAlchemy"
        return None


def _may_change_the_catalog(effect: Effect) -> bool:
    """A function may, too: it shows by what it made, dropped or locked."""
    kind = effect.tree.WhichOneof("node") if effect.tree else None
    return kind not in _OF_ROWS or any(
        item.created or item.dropped or (item.taken or Lock.ACCESS_SHARE) > Lock.ROW_EXCLUSIVE
        for item in effect.touched
    )


def _writes(effect: Effect) -> bool:
    return any(item.written or item.rewritten for item in effect.touched)


def _without_versions(catalog: Catalog, tables: set[tuple[str, str]]) -> Catalog:
    """The catalog without Alembic's version tables, and the schemas that hold nothing else."""
    left = without_external(catalog, tables)
    schemas = {schema for schema, _ in tables if schema != "public"}
    used = {key.identity[0] for key in left if key.kind != "schema"}
    alone = {key for key in left if key.kind == "schema" and key.identity[0] in schemas - used}
    return replace(left, objects={key: item for key, item in left.items() if key not in alone})


def told(error: BaseException) -> str:
    """The error as its author would read it: its first line, and where in their files it arose."""
    # the process works in the folder of their alembic.ini
    theirs = [frame for frame in traceback.extract_tb(error.__traceback__) if _within(frame.filename)]
    place = f" ({Path(theirs[-1].filename).name}:{theirs[-1].lineno})" if theirs else ""
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}{place}"


def _within(filename: str) -> bool:
    return Path(filename).is_relative_to(Path.cwd()) and "site-packages" not in filename


def build_models(metadata: str, redirection: Redirection, connection: psycopg.Connection[Any]) -> Outcome:
    """Create everything of a MetaData on the empty scratch database; one step, whose catalog is what it made."""
    module, _, attributes = metadata.partition(":")
    found: Any = importlib.import_module(module)
    for name in attributes.split("."):
        found = getattr(found, name)
    if not isinstance(found, MetaData):
        return Outcome(problems=[Problem(None, None, f"{metadata} is a {type(found).__name__}, not a MetaData")])
    redirection.install()
    before = inspect(connection)
    engine = create_engine("postgresql+psycopg://", poolclass=NullPool)
    with engine.begin() as made:
        for schema in sorted({table.schema for table in found.tables.values() if table.schema}):
            made.execute(CreateSchema(schema, if_not_exists=True))
        found.create_all(made)
    return Outcome([Step("models", "up", metadata, (), before, inspect(connection))])


@dataclass(frozen=True, slots=True)
class _Parent:
    """The line to the parent: a word is said, and answered with a line when the parent is ready."""

    out: IO[str]

    def say(self, word: str) -> None:
        print(word, file=self.out, flush=True)
        if not sys.stdin.readline():
            raise SystemExit("the parent has gone")


def history(
    given: Mapping[str, Any], redirection: Redirection, connection: psycopg.Connection[Any], parent: _Parent
) -> Outcome:
    """Every revision up in turn, then every one down; `head` is said in between."""
    from .rows import fill

    project = _Project.of(given["ini"], given["section"])
    recorder = _recorder(given, redirection)
    scripts = project.in_order()
    revisions = tuple(map(_revision, scripts))
    if (problem := _prepared(project, recorder, connection)) is not None:
        return Outcome(problems=[problem], revisions=revisions)
    run = _Run(project, recorder, redirection, connection, fill, project.catalog(connection))
    run.outcome.revisions = revisions
    reached = run.walk(scripts, "up")
    if reached:
        parent.say("head")
    if reached and given["back"]:
        run.walk(scripts[::-1], "down")
    run.outcome.findings = run.round_trip.findings()
    if len(redirection.databases) > 1:
        run.outcome.problems.append(
            Problem(None, None, f"env.py works on {len(redirection.databases)} databases; all were one here")
        )
    return run.outcome


def one(
    given: Mapping[str, Any], redirection: Redirection, connection: psycopg.Connection[Any], parent: _Parent
) -> Outcome:
    """The revisions named, up, as they run in production: with nobody looking on. `ready` is said before the last."""
    project = _Project.of(given["ini"], given["section"])
    recorder = Recorder(lambda: connection, Path())
    redirection.install()
    *others, last = cast("list[str]", given["revisions"])
    for revision in (*others, last):
        if given["wait"] and revision == last:
            parent.say("ready")
        script = project.scripts.get_revision(revision)
        try:
            project.run(script, "up", recorder)
        except (Exception, SystemExit) as error:
            return Outcome(problems=[Problem(revision, script.path, told(error))], refusal=refusal(error))
    return Outcome()


def _revision(script: Script) -> Revision:
    before = (script.down_revision, script.dependencies)
    return Revision(script.revision, script.path, tuple(name for names in before for name in to_tuple(names, ())))


def _recorder(given: Mapping[str, Any], redirection: Redirection) -> Recorder:
    conninfo = cast("dict[str, Any]", given["conninfo"])
    recorder = Recorder(
        lambda: psycopg.Connection.connect(**conninfo, application_name="airside check"), Path(given["ini"]).parent
    )
    redirection.install()
    recorder.listen()
    return recorder


def _prepared(project: _Project, recorder: Recorder, connection: psycopg.Connection[Any]) -> Problem | None:
    """Run their env.py once without a revision: what it makes by itself is nobody's effect."""
    try:
        project.run(None, "up", recorder)
    except (Exception, SystemExit) as error:
        return Problem(None, project.scripts.env_py_location, told(error))
    for table in project.versions(connection):
        # an empty one would be given rows
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(*table)))
    return None


def main() -> None:
    """Entry point of the process: what to do comes by AIRSIDE_CHECK, the outcome goes to the file it names."""
    given = cast("dict[str, Any]", json.loads(os.environ.pop("AIRSIDE_CHECK")))
    sys.path[:0] = given["path"]
    # what their env.py prints, and what it starts, is no word of ours
    parent = _Parent(os.fdopen(os.dup(1), "w"))
    os.dup2(2, 1)
    try:
        outcome = _done(given, parent)
    except (Exception, SystemExit) as error:
        # their code may raise anything
        outcome = Outcome(problems=[Problem(None, given["ini"], told(error))])
    Path(given["destination"]).write_bytes(pickle.dumps(outcome))


def _done(given: Mapping[str, Any], parent: _Parent) -> Outcome:
    redirection = Redirection(given["conninfo"])
    with psycopg.Connection.connect(**given["conninfo"], autocommit=True, application_name="airside check") as own:
        if given["task"] == "models":
            return build_models(given["metadata"], redirection, own)
        return (history if given["task"] == "history" else one)(given, redirection, own, parent)
