"""Alembic's commands for one database, tried again when a lock is not to be had."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from ..schema.core.errors import (
    AirsideError,
    ConfigurationError,
    DeclarationError,
    LockNotAcquired,
    RevisionVanished,
    StatementFailed,
    UnknownRevision,
)
from ..schema.core.locks import RETRIED_SQLSTATES, Blocker
from ..schema.core.registry import Entry
from ..schema.core.sql import query
from ..server import Server, translate
from . import ledger
from .environment import one_head
from .executor import FailedStatement
from .session import Session, Waiting, alembic_config


@dataclass(frozen=True, slots=True)
class Position:
    """Where a database stands: its revision (None before the first) and the head of its history."""

    revision: str | None
    head: str | None

    @property
    def at_head(self) -> bool:
        return self.revision == self.head


def script_directory(entry: Entry) -> ScriptDirectory:
    """The history of a database. Raises ConfigurationError when the folder is missing."""
    if not entry.migrations.is_dir():
        raise ConfigurationError(
            f"there is no folder {entry.migrations}",
            where=entry.target,
            next_step=f"correct `migrations` in {entry.origin}, or draft the first revision: "
            f'airside revision {entry.target} -m "..."',
        )
    state = tuple(sorted((stub.name, stub.stat().st_mtime_ns) for stub in entry.migrations.glob("*.py")))
    return _loaded(entry, state)


@lru_cache(maxsize=64)
def _loaded(entry: Entry, _state: tuple[tuple[str, int], ...]) -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config(entry))


def history(entry: Entry) -> tuple[Script, ...]:
    """The revisions of a database, oldest first; none before the first. Raises MultipleHeads or RevisionVanished."""
    if not entry.migrations.is_dir():
        return ()
    with _readable_history(entry):
        script = script_directory(entry)
        head = one_head(script, entry)
        return tuple(reversed(list(script.walk_revisions("base", head)))) if head else ()


def heads(entry: Entry) -> tuple[str, ...]:
    """The newest revisions: one, or none before the first; more are a fault that `check` names."""
    if not entry.migrations.is_dir():
        return ()
    with _readable_history(entry):
        return tuple(sorted(script_directory(entry).get_heads()))


def current(server: Server, entry: Entry, database: str | None = None) -> Position:
    """Where the live database stands. Raises NotProvisioned when it does not exist."""
    past = history(entry)
    with server.connect(database or entry.name, autocommit=True) as connection:
        return Position(applied_revision(connection), past[-1].revision if past else None)


def applied_revision(connection: psycopg.Connection[Any]) -> str | None:
    """The revision in Alembic's version table; None when there is none."""
    row = connection.execute("SELECT to_regclass('airside.alembic_version')").fetchone()
    if row is None or row[0] is None:
        return None
    row = connection.execute("SELECT version_num FROM airside.alembic_version").fetchone()
    return None if row is None else str(row[0])


def upgrade(session: Session, revision: str = "head") -> None:
    """Apply revisions up to `revision`. Raises AirsideError; what was applied before stays applied and recorded."""
    _retried(session, lambda config: command.upgrade(config, revision))


def downgrade(session: Session, revision: str) -> None:
    """Undo revisions down to `revision` (`base`, `-1`, an id). Raises DataLossRefused while rows would be lost."""
    _retried(session, lambda config: command.downgrade(config, revision))


def stamp(session: Session, revision: str) -> None:
    """Set the recorded revision without running anything.

    The files of all revisions up to it are accepted as they are; those after it count as undone. A recorded revision
    that has no file is forgotten.
    """
    with session.server.connect(session.database) as connection:
        recorded = applied_revision(connection)
    unknown = recorded not in (None, *(script.revision for script in history(session.entry)))

    def run(config: Config) -> None:
        config.attributes["accept_files"] = True
        command.stamp(config, revision, purge=unknown)

    _retried(session, run)
    with session.server.connect(session.database) as connection:
        applied = applied_revision(connection)
        recorded = ledger.applied_checksums(connection)
        past = history(session.entry)
        ids = [script.revision for script in past]
        upto = ids.index(applied) + 1 if applied else 0
        for script in past[:upto]:
            digest = ledger.checksum(script.path)
            if recorded.get(script.revision) != digest:
                ledger.record(connection, script.revision, "stamp", digest, 0, None)
        for revision in sorted(recorded.keys() - set(ids[:upto])):
            ledger.record(connection, revision, "down", recorded[revision], 0, None)


def upgrade_sql(entry: Entry, revision: str = "head") -> str:
    """The SQL script that `upgrade` would run from base, as text."""
    output = StringIO()
    config = alembic_config(entry)
    config.output_buffer = output
    with _readable_history(entry):
        command.upgrade(config, revision, sql=True)
    return output.getvalue()


def pending(entry: Entry, revision: str | None, target: str = "head") -> tuple[Script, ...]:
    """The revisions an upgrade from `revision` to `target` would apply, in order."""
    past = history(entry)
    if not past:
        return ()
    _require_file(entry, past, revision)
    with _readable_history(entry):
        script = script_directory(entry)
        one_head(script, entry)
        steps = list(script.iterate_revisions(target, revision or "base"))
        return tuple(reversed(steps))


def undone(entry: Entry, revision: str | None, target: str) -> tuple[Script, ...]:
    """The revisions a downgrade from `revision` to `target` would undo, in order."""
    if revision is None:
        return ()
    _require_file(entry, history(entry), revision)
    with _readable_history(entry):
        script = script_directory(entry)
        steps = script.iterate_revisions(revision, target, select_for_downgrade=True)
        return tuple(steps)


def _require_file(entry: Entry, past: Sequence[Script], revision: str | None) -> None:
    if revision is not None and revision not in {script.revision for script in past}:
        raise RevisionVanished(
            f"the database is at revision {revision}, which has no file",
            where=entry.target,
            next_step="restore the file from version control, or deploy the release that has it",
        )


def _retried(session: Session, run: Callable[[Config], None]) -> None:
    with _readable_history(session.entry):
        one_head(script_directory(session.entry), session.entry)
    pauses = session.budget.pauses()
    attempt = 0
    while True:
        watch = _BlockerWatch(session) if attempt else None
        session.waits.attempts += 1
        session.lock_clock = None
        try:
            with _known_revisions(session.entry), _translated(session):
                run(alembic_config(session.entry, session))
        except _Retry as retry:
            attempt += 1
            _note_wait(session)
            blockers = watch.stop() if watch else ()
            session.observer(Waiting(attempt, blockers))
            pause = next(pauses, None)
            if pause is None:
                raise _not_acquired(session, attempt, blockers) from retry.cause
            time.sleep(pause)
        else:
            return
        finally:
            if watch:
                watch.stop()


def _note_wait(session: Session) -> None:
    """A try was in vain; others may have queued behind it since its first statement asked for a lock."""
    session.waits.in_vain += 1
    if session.lock_clock is not None:
        session.waits.longest = max(session.waits.longest, time.monotonic() - session.lock_clock)


class _Retry(Exception):
    def __init__(self, cause: BaseException) -> None:
        self.cause = cause
        super().__init__()


@contextmanager
def _translated(session: Session) -> Generator[None]:
    try:
        yield
    except FailedStatement as failed:
        raise _from_driver(session, failed.cause, failed.where, undone=failed.undone) from failed
    except DBAPIError as error:
        cause = error.orig if isinstance(error.orig, psycopg.Error) else psycopg.Error(str(error))
        raise _from_driver(session, cause, session.entry.target) from error
    except psycopg.Error as error:
        raise _from_driver(session, error, session.entry.target) from error


def _from_driver(session: Session, error: psycopg.Error, where: str, *, undone: bool = True) -> Exception:
    if error.sqlstate in RETRIED_SQLSTATES:
        return _Retry(error)
    lost = translate(error, session.server)
    if lost is not None:
        return lost
    detail = error.diag.message_primary or str(error).splitlines()[0]
    hint = f" ({error.diag.message_detail})" if error.diag.message_detail and error.sqlstate != "23505" else ""
    return StatementFailed(
        f"PostgreSQL refused the statement: {detail}{hint} [{error.sqlstate}]",
        where=where,
        next_step=f"correct the {'rows' if (error.sqlstate or '').startswith('23') else 'statement'} and run the"
        f" command again; {'the revision was rolled back' if undone else 'statements before this one stand'}",
    )


def _not_acquired(session: Session, attempts: int, blockers: tuple[Blocker, ...]) -> LockNotAcquired:
    who = "; ".join(map(str, blockers)) or "nobody was seen in the way at the last try"
    return LockNotAcquired(
        f"no lock after {attempts} tries in {session.budget.deadline:.0f} s: {who}",
        where=session.entry.target,
        next_step="end that session (SELECT pg_terminate_backend(pid)) or wait, then run the command again",
    )


@contextmanager
def _readable_history(entry: Entry) -> Generator[None]:
    """Alembic's complaints about a history as ours."""
    try:
        with _known_revisions(entry):
            yield
    except KeyError as error:
        raise RevisionVanished(
            f"the history refers to revision {error.args[0]}, which has no file",
            where=entry.target,
            next_step="restore the file from version control",
        ) from error
    except SyntaxError as error:
        raise DeclarationError(
            f"not Python: {error.msg}",
            where=f"{entry.migrations / str(error.filename)}:{error.lineno}",
            next_step="restore the file, or correct it",
        ) from error


@contextmanager
def _known_revisions(entry: Entry) -> Generator[None]:
    """Alembic's complaints about a revision as ours."""
    try:
        with warnings.catch_warnings():
            # "Revision X referenced from Y is not present" precedes a bare KeyError
            warnings.simplefilter("ignore", UserWarning)
            yield
    except (CommandError, RevisionError) as error:
        raise UnknownRevision(
            str(error).splitlines()[0], where=entry.target, next_step=f"airside history {entry.target}"
        ) from error


class _BlockerWatch:
    """Looks from a second connection who blocks the session's backend, while it tries again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._seen: dict[int, Blocker] = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> tuple[Blocker, ...]:
        self._end.set()
        self._thread.join()
        return tuple(self._seen.values())

    def _look(self) -> None:
        session = self._session
        try:
            with session.server.connect(session.database, autocommit=True) as connection:
                while not self._end.wait(max(session.budget.timeout / 5, 0.01)):
                    rows = connection.execute(query(ledger.QUERIES, "blockers"), [session.pid]).fetchall()
                    for row in rows:
                        self._seen[row[0]] = Blocker(row[0], row[1], row[2], row[3], row[4], str(row[5]), row[6])
        except (psycopg.Error, AirsideError):
            # only a help to the reader: the migration itself reports what is wrong
            return
