"""What the revision of somebody's project does, recorded through SQLAlchemy's events: effects, each with its line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, cast

import psycopg
from alembic.script import Script
from sqlalchemy import Engine, event
from sqlalchemy.pool import PoolProxiedConnection

from ...schema.core.errors import DeclarationError
from ...schema.core.sql import ScriptStatement, parse_script
from .effects import Effect
from .emptied import refusal
from .observe import Observer

_MARK = re.compile(r"%%|%\(([^)]+)\)s|%s")
_ASIDE = re.compile(r"\s*((SAVEPOINT|RELEASE|ROLLBACK TO)\b|SELECT pg_catalog\.)", re.IGNORECASE)
"""Savepoints, and questions that SQLAlchemy asks when it reflects tables: there is nothing to see in them."""
_SPLITTING = ("psycopg", "psycopg_async", "psycopg2")
"""The drivers that send several statements at once where there are no parameters."""
_NOT_THEIRS = ("site-packages", "dist-packages")


@dataclass(slots=True)
class Recorder:
    """Collects the effects of one revision at a time. `root` is the folder of the project's own files."""

    connect: Callable[[], psycopg.Connection[Any]]
    root: Path
    effects: list[Effect] = field(default_factory=list[Effect])
    raw: list[str] = field(default_factory=list[str])
    """Where the revision used a cursor of the driver's own, as `file:line`."""
    _script: Script | None = None
    _direction: str = ""
    _observers: dict[int, Observer] = field(default_factory=dict[int, Observer])
    _theirs: dict[CodeType, bool] = field(default_factory=dict[CodeType, bool])
    _comments: tuple[str, ...] = ()

    def listen(self) -> None:
        event.listen(Engine, "before_cursor_execute", self._before, retval=True)
        event.listen(Engine, "after_cursor_execute", self._after)
        event.listen(Engine, "handle_error", self._failed)
        self._notice_cursors()

    @contextmanager
    def of(self, script: Script, direction: str) -> Generator[None]:
        """While its `upgrade` or `downgrade` runs. What Alembic and their env.py do around it is not the revision's."""
        self._script, self._direction = script, direction
        try:
            yield
        finally:
            self._script = None

    def clear(self) -> None:
        self.effects.clear()
        self.raw.clear()
        self._observers.clear()

    def _before(
        self, connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, _many: bool
    ) -> tuple[str, Any]:
        if self._script is None or _ASIDE.match(statement):
            return statement, parameters
        observer = self._observer(connection)
        plain = _plain(statement, connection.dialect.paramstyle, verbatim=context.no_parameters and not parameters)
        pieces = _pieces(plain)
        self._comments = pieces[0].comments if pieces else ()
        if len(pieces) > 1 and not parameters and connection.dialect.driver in _SPLITTING and _in_transaction(cursor):
            plain, statement = self._but_the_last(observer, cursor, pieces, plain, statement)
        observer.begin(plain)
        return statement, parameters

    def _but_the_last(
        self, observer: Observer, cursor: Any, pieces: Sequence[ScriptStatement], plain: str, statement: str
    ) -> tuple[str, str]:
        """Run all pieces of a text but the last, each observed; what is left to run, as written and for the driver.

        The first one that fails is left too, so that the error goes its usual way.
        """
        remaining = list(pieces)
        while len(remaining) > 1:
            piece = remaining[0]
            cursor.execute("SAVEPOINT airside_piece")
            observer.begin(piece.sql)
            try:
                cursor.execute(piece.sql)
            except Exception:
                # any driver's; it comes again, and then to their code
                cursor.execute("ROLLBACK TO SAVEPOINT airside_piece")
                observer.failed("", where="", revision="", direction="")
                break
            cursor.execute("RELEASE SAVEPOINT airside_piece")
            self._comments = piece.comments
            self._add(observer)
            remaining.pop(0)
        self._comments = remaining[0].comments
        left = plain[plain.index(remaining[0].sql) :] if len(remaining) > 1 else remaining[0].sql
        return remaining[0].sql, left.replace("%", "%%") if plain != statement else left

    def _after(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if self._script is not None and not _ASIDE.match(statement):
            self._add(self._observer(connection))

    def _failed(self, context: Any) -> None:
        if self._script is None or not context.statement or context.connection is None:
            return
        # not begun: the connection itself failed
        with suppress(RuntimeError):
            self.effects.append(
                self._observer(context.connection).failed(
                    refusal(context.original_exception).message,
                    where=self._where(),
                    revision=self._script.revision,
                    direction=self._direction,
                )
            )

    def _add(self, observer: Observer) -> None:
        script = cast("Script", self._script)
        self.effects.append(
            observer.end(
                where=self._where(), revision=script.revision, direction=self._direction, comments=self._comments
            )
        )

    def _observer(self, connection: Any) -> Observer:
        raw = connection.connection.dbapi_connection
        if id(raw) not in self._observers:
            self._observers[id(raw)] = Observer(lambda text: _rows(raw, text), self.connect)
        return self._observers[id(raw)]

    def _where(self) -> str:
        """The line of the revision's file that is running; else of another of their files; else the revision's file."""
        script = cast("Script", self._script)
        elsewhere = None
        for frame in _callers():
            if frame.f_code.co_filename == script.path:
                return f"{script.path}:{frame.f_lineno}"
            if elsewhere is None and self._is_theirs(frame.f_code):
                elsewhere = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        return elsewhere or script.path

    def _is_theirs(self, code: CodeType) -> bool:
        if code not in self._theirs:
            path = Path(code.co_filename)
            inside = path.is_absolute() and path.is_relative_to(self.root)
            self._theirs[code] = (
                inside and not any(part in path.parts for part in _NOT_THEIRS) and path.name != "env.py"
            )
        return self._theirs[code]

    def _notice_cursors(self) -> None:
        """SQLAlchemy's events tell nothing of what runs on a cursor that it did not make."""
        kinds: tuple[Any, ...] = (psycopg.Connection, psycopg.AsyncConnection, _fairy())
        for kind in kinds:
            original = kind.cursor

            def cursor(connection: Any, *args: Any, _original: Callable[..., Any] = original, **given: Any) -> Any:
                if self._script is not None:
                    self._notice(self._script)
                return _original(connection, *args, **given)

            kind.cursor = cursor

    def _notice(self, script: Script) -> None:
        for frame in _callers():
            module = str(frame.f_globals.get("__name__", ""))
            if module.startswith("psycopg") or module == __name__:
                continue
            if not module.startswith(("sqlalchemy", "airside")):
                line = f":{frame.f_lineno}" if frame.f_code.co_filename == script.path else ""
                self.raw.append(f"{Path(frame.f_code.co_filename).name}{line}")
            return


def _callers() -> Generator[FrameType]:
    frame: FrameType | None = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    while frame is not None:
        yield frame
        frame = frame.f_back


def _fairy() -> Any:
    """The class behind SQLAlchemy's PoolProxiedConnection."""
    return next(kind for kind in PoolProxiedConnection.__subclasses__() if kind.__name__ == "_ConnectionFairy")


def _rows(raw: Any, text: str) -> Sequence[Sequence[Any]]:
    cursor = raw.cursor()
    try:
        cursor.execute(text)
        return cursor.fetchall()
    finally:
        cursor.close()


def _plain(statement: str, paramstyle: str, *, verbatim: bool) -> str:
    """A statement as PostgreSQL reads it: `$1` for the driver's placeholders, one percent sign for two."""
    if verbatim or paramstyle not in ("pyformat", "format"):
        return statement
    numbers: dict[str, int] = {}

    def replaced(mark: re.Match[str]) -> str:
        if mark[0] == "%%":
            return "%"
        return f"${numbers.setdefault(mark[1] or str(len(numbers)), len(numbers) + 1)}"

    return _MARK.sub(replaced, statement)


def _pieces(statement: str) -> tuple[ScriptStatement, ...]:
    """The statements of a text, where it may hold several, or comments; none when it does not parse."""
    if ";" not in statement.rstrip("; \n") and "--" not in statement and "/*" not in statement:
        return ()
    try:
        pieces = parse_script(statement, origin="statement")
    except DeclarationError:
        return ()
    if any(piece.tree.WhichOneof("node") in ("transaction_stmt", "copy_stmt") for piece in pieces):
        return pieces[:1]
    return pieces


def _in_transaction(cursor: Any) -> bool:
    """Whether statements run in a transaction that is not theirs alone; psycopg's and psycopg2's attribute."""
    connection = getattr(cursor, "connection", None) or getattr(getattr(cursor, "_cursor", None), "connection", None)
    return getattr(connection, "autocommit", True) is False
