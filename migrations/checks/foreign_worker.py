"""Runs somebody else's Alembic project, unedited, against a scratch database, and writes down what it did.

A process of its own: their env.py and models are imported here, and every SQLAlchemy engine that they make is led to
the scratch database, whatever address and driver it was made for. Each revision is one `alembic upgrade`, so that
their env.py decides about transactions as it does in production.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Engine, MetaData, NullPool, create_engine, event
from sqlalchemy.schema import CreateSchema

from ...schema.core.catalog import Catalog, inspect
from ...schema.core.external import without_external
from .effects import Effect
from .model import Step
from .observe import Observer

Fill = Callable[[psycopg.Connection[Any]], Mapping[str, str]]
_VERSION_TABLE = "alembic_version"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a revision, or all of it, could not be observed. `revision` is None when it concerns the whole project."""

    revision: str | None
    file: str | None
    message: str


@dataclass(slots=True)
class Outcome:
    """What the worker hands back: the steps in the order in which they ran, and what went wrong."""

    steps: list[Step] = field(default_factory=list[Step])
    problems: list[Problem] = field(default_factory=list[Problem])


@dataclass(slots=True)
class _Recorder:
    """Collects the effects of the revision that runs, through SQLAlchemy's own events."""

    conninfo: dict[str, str]
    effects: list[Effect] = field(default_factory=list[Effect])
    watching: bool = False
    _observers: dict[int, Observer] = field(default_factory=dict[int, Observer])

    def listen(self) -> None:
        event.listen(Engine, "do_connect", self._redirect)
        event.listen(Engine, "before_cursor_execute", self._before)
        event.listen(Engine, "after_cursor_execute", self._after)
        event.listen(Engine, "handle_error", self._failed)

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.Connection.connect(**cast("dict[str, Any]", self.conninfo), application_name="airside check")

    def _redirect(self, dialect: Any, _record: Any, cargs: list[Any], cparams: dict[str, Any]) -> None:
        if dialect.name != "postgresql":
            raise RuntimeError(f"the project's engine is for {dialect.name}, not for PostgreSQL")
        cargs.clear()
        kept = {name: cparams[name] for name in ("prepared_statement_cache_size", "context") if name in cparams}
        cparams.clear()
        cparams.update(_driver_parameters(dialect.driver, self.conninfo) | kept)

    def _before(self, connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if self.watching and not _is_alembics(statement, parameters):
            self._observer(connection).begin(statement)

    def _after(self, connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if self.watching and not _is_alembics(statement, parameters):
            self.effects.append(self._observer(connection).end(where="", revision="", direction=""))

    def _failed(self, context: Any) -> None:
        statement = context.statement
        if self.watching and statement and context.connection is not None and not _is_alembics(statement, ""):
            with suppress(RuntimeError):
                observer = self._observer(context.connection)
                self.effects.append(
                    observer.failed(str(context.original_exception), where="", revision="", direction="")
                )

    def _observer(self, connection: Any) -> Observer:
        raw = connection.connection.dbapi_connection
        if id(raw) not in self._observers:
            self._observers[id(raw)] = Observer(lambda text: _rows(raw, text), self.connect)
        return self._observers[id(raw)]


def _driver_parameters(driver: str, conninfo: dict[str, str]) -> dict[str, Any]:
    """The scratch database's address in the words of a driver."""
    if driver in ("psycopg", "psycopg_async", "psycopg2", "psycopg2cffi"):
        return dict(conninfo)
    given: dict[str, Any] = {ours: conninfo[libpq] for libpq, ours in _OTHER_WORDS.items() if libpq in conninfo}
    if "port" in given:
        given["port"] = int(given["port"])
    if driver == "pg8000" and str(given.get("host", "")).startswith("/"):
        given["unix_sock"] = f"{given.pop('host')}/.s.PGSQL.{given.pop('port', 5432)}"
    return given


_OTHER_WORDS = {"host": "host", "port": "port", "user": "user", "password": "password", "dbname": "database"}


def _rows(raw: Any, text: str) -> Sequence[Sequence[Any]]:
    cursor = raw.cursor()
    try:
        cursor.execute(text)
        return cursor.fetchall()
    finally:
        cursor.close()


def _is_alembics(statement: str, parameters: Any) -> bool:
    """Alembic reads and writes its version table itself, and looks first whether there is one."""
    return _VERSION_TABLE in statement or _VERSION_TABLE in str(parameters)


def run(config: Config, conninfo: dict[str, str], fill: Fill, *, back: bool) -> Outcome:
    """Every revision up in turn, then every one down, each by its own call of Alembic."""
    outcome = Outcome()
    recorder = _Recorder(conninfo)
    recorder.listen()
    scripts = list(reversed(list(ScriptDirectory.from_config(config).walk_revisions())))
    catalog = _catalog(recorder)
    for script in scripts:
        catalog = _step(outcome, recorder, config, script, "up", catalog, fill)
        if outcome.problems:
            return outcome
    for script in reversed(scripts) if back else ():
        if not isinstance(script.down_revision, str | None):
            outcome.problems.append(
                Problem(script.revision, script.path, "a merge of branches: the ways back beyond it were not tried")
            )
            break
        catalog = _step(outcome, recorder, config, script, "down", catalog, fill)
        if outcome.problems:
            break
    return outcome


def _step(
    outcome: Outcome,
    recorder: _Recorder,
    config: Config,
    script: Script,
    direction: Literal["up", "down"],
    before: Catalog,
    fill: Fill,
) -> Catalog:
    with recorder.connect() as connection:
        without_rows = tuple(fill(connection).items())
    recorder.effects.clear()
    recorder.watching = True
    try:
        if direction == "up":
            command.upgrade(config, script.revision)
        else:
            command.downgrade(config, cast("str | None", script.down_revision) or "base")
    except Exception as error:
        # their code may raise anything
        outcome.problems.append(Problem(script.revision, script.path, _told(error)))
    finally:
        recorder.watching = False
    after = _catalog(recorder)
    effects = tuple(
        replace(effect, revision=script.revision, direction=direction, where=script.path) for effect in recorder.effects
    )
    unseen = None
    if not effects and before.fingerprint != after.fingerprint:
        unseen = "its statements did not go through SQLAlchemy"
    outcome.steps.append(Step(script.revision, direction, script.path, effects, before, after, unseen, without_rows))
    return after


def _catalog(recorder: _Recorder) -> Catalog:
    with recorder.connect() as connection:
        schemas = [
            row[0]
            for row in connection.execute(
                "SELECT n.nspname FROM pg_catalog.pg_class AS c"
                " INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid WHERE c.relname = %s",
                [_VERSION_TABLE],
            ).fetchall()
        ]
        return without_external(inspect(connection), [f"{schema}.{_VERSION_TABLE}" for schema in schemas])


def _told(error: Exception) -> str:
    """The error as its author would read it: its last line, and where in their files it arose."""
    # the process works in the folder of their alembic.ini
    theirs = [frame for frame in traceback.extract_tb(error.__traceback__) if _within(frame.filename)]
    place = f" ({Path(theirs[-1].filename).name}:{theirs[-1].lineno})" if theirs else ""
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}{place}"


def _within(filename: str) -> bool:
    return Path(filename).is_relative_to(Path.cwd()) and "site-packages" not in filename


def build_models(metadata: str, conninfo: dict[str, str]) -> Outcome:
    """Create everything of a MetaData on the empty scratch database; one step, whose catalog is what it made."""
    module, _, attributes = metadata.partition(":")
    found: Any = importlib.import_module(module)
    for name in attributes.split("."):
        found = getattr(found, name)
    if not isinstance(found, MetaData):
        return Outcome(problems=[Problem(None, None, f"{metadata} is a {type(found).__name__}, not a MetaData")])
    recorder = _Recorder(conninfo)
    recorder.listen()
    before = _catalog(recorder)
    engine = create_engine("postgresql+psycopg://", poolclass=NullPool)
    with engine.begin() as connection:
        for schema in sorted({table.schema for table in found.tables.values() if table.schema}):
            connection.execute(CreateSchema(schema, if_not_exists=True))
        found.create_all(connection)
    return Outcome([Step("models", "up", metadata, (), before, _catalog(recorder))])


def main() -> None:
    """Entry point of the process: what to do comes by AIRSIDE_CHECK, the outcome goes to the file it names."""
    given = cast("dict[str, Any]", json.loads(os.environ.pop("AIRSIDE_CHECK")))
    sys.path[:0] = given["path"]
    try:
        # what their env.py prints is no result of ours
        with redirect_stdout(sys.stderr):
            outcome = _done(given)
    except Exception as error:
        # their code may raise anything
        outcome = Outcome(problems=[Problem(None, given["ini"], _told(error))])
    Path(given["destination"]).write_bytes(pickle.dumps(outcome))


def _done(given: dict[str, Any]) -> Outcome:
    if given["task"] == "models":
        return build_models(given["metadata"], given["conninfo"])
    from .rows import fill

    config = Config(given["ini"], ini_section=given["section"])
    return run(config, given["conninfo"], fill, back=given["back"])
