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
from ...schema.core.registry import Entry
from ...schema.core.sql import ScriptStatement
from ...server import Server
from ..executor import driver
from ..replay import replayed
from ..runner import downgrade, history, upgrade
from ..session import Session
from ..sqlfile import sibling
from .effects import Effect
from .model import Step
from .observe import Observer

Fill = Callable[[psycopg.Connection[Any]], Mapping[str, str]]
"""Gives every table that holds no rows some and says why not, by table; called before each revision."""


def observed_history(server: Server, entry: Entry, database: Database, fill: Fill) -> tuple[Step, ...]:
    """Every revision up and then down, observed. Raises what `upgrade` and `downgrade` raise where one does not run.

    The steps come in the order in which they ran; those before an error are lost with it.
    """
    with replayed(server, entry, database, "base") as session:
        with server.connect(session.database, autocommit=True) as connection:
            recorder = Recorder(session, fill, inspect(connection))
        session.spectator = recorder
        session.after_step = recorder.step_done
        if history(entry):
            upgrade(session)
            downgrade(session, "base")
        return tuple(recorder.steps)


@dataclass
class Recorder:
    """The spectator of a session: collects effects, and at the end of each revision makes a Step of them."""

    session: Session
    fill: Fill
    catalog: Catalog
    steps: list[Step] = field(default_factory=list[Step])
    _effects: list[Effect] = field(default_factory=list[Effect])
    _observer: Observer | None = None
    _between: bool = True
    _without_rows: tuple[tuple[str, str], ...] = ()
    _sources: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self._sources = {script.revision: script.path for script in history(self.session.entry)}

    def connected(self, connection: Connection) -> None:
        raw = driver(connection)
        self._observer = Observer(lambda text: raw.execute(text.encode()).fetchall(), self._another)
        self._between = True
        event.listen(connection, "before_cursor_execute", self._before_sqlalchemy)
        event.listen(connection, "after_cursor_execute", self._after_sqlalchemy)

    @contextmanager
    def around(self, statement: ScriptStatement, where: str) -> Generator[None]:
        observer = self._ready()
        observer.begin(statement.sql)
        yield
        self._effects.append(observer.end(where=where, revision="", direction="", comments=statement.comments))

    def step_done(self, revision: str, direction: str, raw: psycopg.Connection[Any]) -> None:
        """Called by the runner in the transaction of each step."""
        after = inspect(raw)
        file = self._source(revision, direction)
        effects = tuple(_placed(effect, revision, direction, file) for effect in self._effects)
        self.steps.append(
            Step(
                revision,
                cast("Literal['up', 'down']", direction),
                file,
                effects,
                self.catalog,
                after,
                without_rows=self._without_rows,
            )
        )
        self.catalog = after
        self._effects.clear()
        self._between = True

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
            with self._another() as connection:
                self._without_rows = tuple(self.fill(connection).items())
        return self._observer

    def _before_sqlalchemy(self, _c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not _is_alembics(statement, parameters):
            self._ready().begin(statement)

    def _after_sqlalchemy(self, _c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not _is_alembics(statement, parameters):
            self._effects.append(self._ready().end(where="", revision="", direction=""))


def _is_alembics(statement: str, parameters: Any) -> bool:
    """Alembic reads and writes its version table itself, and looks first whether there is one."""
    return "alembic_version" in statement or "alembic_version" in str(parameters)


def _placed(effect: Effect, revision: str, direction: str, file: str) -> Effect:
    return replace(effect, revision=revision, direction=direction, where=effect.where or file)
