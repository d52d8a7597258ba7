"""A declared database's history, observed: every revision up to head and all the way back, on a scratch database."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast

import psycopg
from sqlalchemy import Connection, event

from ...schema.core.catalog import Catalog, inspect
from ...schema.core.database import Database
from ...schema.core.errors import AirsideError, StatementFailed
from ...schema.core.registry import Entry
from ...schema.core.sql import ScriptStatement
from ...server import Server
from ..executor import FailedStatement, driver
from ..replay import replayed
from ..runner import downgrade, history, upgrade
from ..session import Session
from ..sqlfile import sibling
from .contents import Table
from .effects import Effect, richer
from .emptied import TRIES, empty_for, refusal
from .model import Step
from .observe import Observer
from .roundtrip import RoundTrip
from .scope import EVERYTHING, Scope
from .trial import sql_trials

Fill = Callable[[psycopg.Connection[Any]], Mapping[str, str]]
"""Gives every table that holds no rows some and says why not, by table; called before each revision."""


@dataclass(frozen=True, slots=True)
class History:
    """The steps in the order in which they ran, and what ended the run early, if anything did.

    The step that PostgreSQL refused is the last one, and its last effect has the error.
    """

    steps: tuple[Step, ...]
    failure: AirsideError | None = None


def observed_history(
    server: Server,
    entry: Entry,
    database: Database,
    fill: Fill,
    *,
    at_head: Callable[[psycopg.Connection[Any], Catalog], None] = lambda _connection, _catalog: None,
    scope: Scope = EVERYTHING,
    round_trip: RoundTrip | None = None,
) -> History:
    """Every revision up and then down, observed. `at_head` is called in between, with the catalog there, and
    `round_trip` before and after each revision.

    Revisions out of scope run, but are not looked at, and nothing goes down below the oldest one in scope. Raises
    EnvironmentProblem where there is no server to run them on.
    """
    with replayed(server, entry, database, "base") as session:
        with server.connect(session.database, autocommit=True) as connection:
            recorder = Recorder(session, fill, inspect(connection), scope, round_trip)
        session.spectator = recorder
        session.after_step = recorder.step_done
        failure = None
        if history(entry):
            failure = recorder.walk("up", lambda: upgrade(session))
        if failure is None:
            with server.connect(session.database, autocommit=True) as connection:
                at_head(connection, recorder.catalog)
            lowest = recorder.before_scope()
            if lowest is not None:
                failure = recorder.walk("down", lambda: downgrade(session, lowest))
        return History(tuple(recorder.steps), failure)


@dataclass
class Recorder:
    """The spectator of a session: collects effects, and at the end of each revision makes a Step of them."""

    session: Session
    fill: Fill
    catalog: Catalog
    scope: Scope = EVERYTHING
    round_trip: RoundTrip | None = None
    steps: list[Step] = field(default_factory=list[Step])
    _effects: list[Effect] = field(default_factory=list[Effect])
    _observer: Observer | None = None
    _between: bool = True
    _without_rows: tuple[tuple[str, str], ...] = ()
    _sources: dict[str, str] = field(default_factory=dict[str, str])
    _upcoming: list[str] = field(default_factory=list[str])
    _refused: dict[str, str] = field(default_factory=dict[str, str])
    _refusals: list[Effect] = field(default_factory=list[Effect])
    _earlier: list[Effect] = field(default_factory=list[Effect])

    def __post_init__(self) -> None:
        self._sources = {script.revision: script.path for script in history(self.session.entry)}

    def before_scope(self) -> str | None:
        """The revision before the oldest one in scope, `base` before the first; None where none is in scope."""
        earlier = "base"
        for revision in self._sources:
            if self.scope.judged(revision):
                return earlier
            earlier = revision
        return None

    def walk(self, direction: Literal["up", "down"], run: Callable[[], None]) -> AirsideError | None:
        """Run all revisions in one direction; where made-up rows are refused, again without them."""
        self._upcoming = list(self._sources) if direction == "up" else list(reversed(self._sources))
        for _ in range(TRIES):
            try:
                run()
            except AirsideError as error:
                if not self._emptied(error):
                    return self._ended(error, direction)
            else:
                return None
        return self._ended(StatementFailed("made-up rows were refused again and again"), direction)

    def _emptied(self, error: AirsideError) -> bool:
        """Whether rows that were made up stood in the way, and are gone now."""
        said = refusal(_cause(error))
        if not said.is_of_rows or not self._effects:
            return False
        with self._another() as connection:
            gone = empty_for(connection, said, self._effects[-1].sql, but=self._refused)
        if self.round_trip is not None:
            self.round_trip.forget([cast("Table", tuple(name.split(".", 1))) for name in gone])
        self._refused |= gone
        *self._earlier, last = richer(self._earlier, self._effects)
        self._refusals.append(last)
        return bool(gone)

    def _ended(self, error: AirsideError, direction: Literal["up", "down"]) -> AirsideError:
        if self._effects and self._effects[-1].error:
            self._add(self._upcoming[0], direction, self.catalog)
        return error

    def connected(self, connection: Connection) -> None:
        raw = driver(connection)
        self._observer = Observer(lambda text: raw.execute(text.encode()).fetchall(), self._another)
        self._between = True
        # the revision begins anew when it is tried again
        self._effects.clear()
        event.listen(connection, "before_cursor_execute", self._before_sqlalchemy)
        event.listen(connection, "after_cursor_execute", self._after_sqlalchemy)
        event.listen(connection.engine, "handle_error", self._failed_sqlalchemy)

    @contextmanager
    def around(self, statement: ScriptStatement, where: str) -> Generator[None]:
        observer = self._ready()
        if not self._is_watched():
            # no row is made up for it, so that none can be refused
            yield
            return
        observer.begin(statement.sql)
        try:
            yield
        except psycopg.Error as error:
            message = error.diag.message_primary or str(error)
            self._effects.append(observer.failed(message, where=where, revision="", direction=""))
            raise
        self._effects.append(observer.end(where=where, revision="", direction="", comments=statement.comments))

    def step_done(self, revision: str, direction: str, raw: psycopg.Connection[Any]) -> None:
        """Called by the runner in the transaction of each step."""
        after = inspect(raw)
        self._add(revision, cast("Literal['up', 'down']", direction), after)
        self.catalog = after
        if self.round_trip is not None and self._is_watched():
            self.round_trip.after(raw, self.steps[-1], lambda step, tables: sql_trials(raw, step, tables))
        self._upcoming.remove(revision)
        self._between = True

    def _is_watched(self) -> bool:
        return self.scope.judged(self._upcoming[0])

    def _add(self, revision: str, direction: Literal["up", "down"], after: Catalog) -> None:
        file = self._source(revision, direction)
        effects = tuple(_placed(effect, revision, direction, file) for effect in richer(self._earlier, self._effects))
        without_rows = (*self._without_rows, *self._refused.items())
        refusals = tuple(_placed(effect, revision, direction, file) for effect in self._refusals)
        self.steps.append(
            Step(revision, direction, file, effects, self.catalog, after, without_rows=without_rows, refused=refusals)
        )
        self._effects.clear()
        self._earlier.clear()
        self._refused.clear()
        self._refusals.clear()

    def _source(self, revision: str, direction: str) -> str:
        path = sibling(self._sources[revision], direction)
        return str(path if path.is_file() else Path(self._sources[revision]))

    def _another(self) -> psycopg.Connection[Any]:
        return self.session.server.connect(self.session.database, application_name="airside check")

    def _ready(self) -> Observer:
        if self._observer is None:
            raise RuntimeError("a statement ran before the connection was made known")
        if self._between:
            self._between = False
            if not self._refused and self._is_watched():
                with self._another() as connection:
                    self._without_rows = tuple(self.fill(connection).items())
                    if self.round_trip is not None:
                        self.round_trip.before(connection, self.catalog)
        return self._observer

    def _before_sqlalchemy(self, _c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not _is_alembics(statement, parameters) and (observer := self._ready()) and self._is_watched():
            observer.begin(statement)

    def _after_sqlalchemy(self, _c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not _is_alembics(statement, parameters) and self._is_watched():
            self._effects.append(self._ready().end(where="", revision="", direction=""))

    def _failed_sqlalchemy(self, context: Any) -> None:
        if context.statement and not _is_alembics(context.statement, context.parameters) and self._is_watched():
            message = str(context.original_exception)
            self._effects.append(self._ready().failed(message, where="", revision="", direction=""))


def _cause(error: AirsideError) -> BaseException:
    cause = error.__cause__
    return cause.cause if isinstance(cause, FailedStatement) else cause or error


def _is_alembics(statement: str, parameters: Any) -> bool:
    """Alembic reads and writes its version table itself, and looks first whether there is one."""
    return "alembic_version" in statement or "alembic_version" in str(parameters)


def _placed(effect: Effect, revision: str, direction: str, file: str) -> Effect:
    return replace(effect, revision=revision, direction=direction, where=effect.where or file)
