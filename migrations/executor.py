"""Run the statements of a SQL file on a connection, so that others hardly notice and nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, cast

import psycopg
from postgast import pg_query_pb2
from psycopg import sql
from sqlalchemy import Connection

from ..schema.core.errors import DeclarationError, EnvironmentProblem
from ..schema.core.sql import ScriptStatement, query
from .ledger import QUERIES
from .losses import refuse_losses
from .pending import refuse_pending_detach
from .potential import potential_losses, reaches_further
from .session import Session
from .sqlfile import SqlFile

_FLOOR_MS = 20


class FailedStatement(Exception):
    """PostgreSQL refused a statement of a file; `where` is `file:line`."""

    def __init__(self, cause: psycopg.Error, where: str, *, undone: bool) -> None:
        self.cause = cause
        self.where = where
        self.undone = undone
        super().__init__(where)


class InvalidIndex(EnvironmentProblem):
    """CREATE INDEX CONCURRENTLY ended without a valid index."""


def driver(connection: Connection) -> psycopg.Connection[Any]:
    """The psycopg connection under SQLAlchemy's."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def run_file(connection: Connection, file: SqlFile, session: Session) -> None:
    """Run each statement verbatim, as the owner.

    Raises DataLossRefused before a statement that would lose data that exists, and DeclarationError before any
    where one would begin or end a transaction or copy from the client.
    """
    _refuse_unfit(file)
    _forget_settings(connection, session)
    run = _run_in_transaction if file.transactional else _run_on_its_own
    for statement in file.statements:
        where = f"{file.path}:{statement.line}"
        try:
            run(connection, statement, session, where)
        except psycopg.Error as error:
            raise FailedStatement(error, where, undone=file.transactional) from error
    _forget_settings(connection, session)


def _refuse_unfit(file: SqlFile) -> None:
    for statement in file.statements:
        kind = statement.tree.WhichOneof("node")
        if kind == "transaction_stmt":
            what, next_step = f"{statement.sql}: transactions are begun and ended by the runner", "delete the statement"
        elif kind == "copy_stmt" and not statement.tree.copy_stmt.filename:
            what, next_step = "COPY with the client has no rows to send in a revision", "write INSERT INTO ... VALUES"
        else:
            continue
        raise DeclarationError(what, where=f"{file.path}:{statement.line}", next_step=next_step)


def _forget_settings(connection: Connection, session: Session) -> None:
    """No SET or SET ROLE of a file reaches another one, which may run alone the next time."""
    driver(connection).execute(sql.SQL("RESET ALL; SET ROLE {}").format(sql.Identifier(session.roles.owner)))
    session.lock_clock = None


def _run_in_transaction(connection: Connection, statement: ScriptStatement, session: Session, where: str) -> None:
    _share_lock_timeout(connection, session)
    if session.holds_data:
        refuse_losses(driver(connection), statement, allowed=session.allow_data_loss, where=where)
    if session.holds_data:
        refuse_pending_detach(driver(connection), statement, where=where)
    with _looked_at(statement, session, where):
        _execute(driver(connection), statement.sql)
    if session.holds_data:
        # one that began before the statement had its locks
        refuse_pending_detach(driver(connection), statement, where=where)


def _run_on_its_own(connection: Connection, statement: ScriptStatement, session: Session, where: str) -> None:
    raw = driver(connection)
    if session.holds_data and (potential_losses(statement) or reaches_further(statement.tree)):
        with raw.transaction():
            refuse_losses(raw, statement, allowed=session.allow_data_loss, where=where)
    if session.holds_data:
        refuse_pending_detach(raw, statement, where=where)
    _wait_patiently(connection, session)
    _drop_invalid_leftover(raw, statement)
    try:
        with _looked_at(statement, session, where):
            _execute(raw, statement.sql)
    except psycopg.Error:
        # an INVALID unique index still refuses rows
        with suppress(psycopg.Error):
            _drop_invalid_leftover(raw, statement)
        raise
    _require_valid_index(raw, statement, where)


def _looked_at(statement: ScriptStatement, session: Session, where: str) -> AbstractContextManager[None]:
    return nullcontext() if session.spectator is None else session.spectator.around(statement, where)


def _execute(raw: psycopg.Connection[Any], statement: str) -> None:
    """Send one statement as it is: `:`, `%` and `::` pass untouched.

    Past SQLAlchemy, which would close the connection on Ctrl-C and leave Alembic's autocommit block without one.
    """
    raw.execute(statement.encode())


def _share_lock_timeout(connection: Connection, session: Session) -> None:
    """Give the statement what is left of the transaction's lock timeout.

    Locks are held until the end of the transaction: who queues behind its first one waits for all later waits too.
    """
    now = time.monotonic()
    if session.lock_clock is None:
        session.lock_clock = now
        remaining = session.budget.timeout * 1000
    else:
        if now - session.lock_clock < session.budget.timeout / 10:
            return
        remaining = (session.budget.timeout - (now - session.lock_clock)) * 1000
    _set_lock_timeout(connection, max(int(remaining), _FLOOR_MS), local=True)


def _wait_patiently(connection: Connection, session: Session) -> None:
    """CONCURRENTLY takes locks that block neither reads nor writes, and starts over when it is cut off: let it wait."""
    _set_lock_timeout(connection, int(session.budget.deadline * 1000), local=False)


def _set_lock_timeout(connection: Connection, milliseconds: int, *, local: bool) -> None:
    driver(connection).execute("SELECT pg_catalog.set_config('lock_timeout', %s, %s)", [f"{milliseconds}ms", local])


def _concurrent_index(node: pg_query_pb2.Node) -> tuple[str, str] | None:
    """Table and name of the index that CREATE INDEX CONCURRENTLY builds."""
    if node.WhichOneof("node") != "index_stmt" or not node.index_stmt.concurrent:
        return None
    relation = node.index_stmt.relation
    parts = [relation.schemaname, relation.relname] if relation.schemaname else [relation.relname]
    return sql.Identifier(*parts).as_string(None), node.index_stmt.idxname


def _invalid(raw: psycopg.Connection[Any], table: str, index: str) -> Iterable[tuple[str, str]]:
    return raw.execute(query(QUERIES, "invalid_index"), {"table": table, "index": index}).fetchall()


def _drop_invalid_leftover(raw: psycopg.Connection[Any], statement: ScriptStatement) -> None:
    """IF NOT EXISTS would keep an INVALID index of an earlier, interrupted run for ever."""
    concurrent = _concurrent_index(statement.tree)
    if concurrent is None:
        return
    for schema, name in _invalid(raw, *concurrent):
        raw.execute(sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(schema, name)))


def _require_valid_index(raw: psycopg.Connection[Any], statement: ScriptStatement, where: str) -> None:
    concurrent = _concurrent_index(statement.tree)
    for schema, name in _invalid(raw, *concurrent) if concurrent else ():
        raise InvalidIndex(
            f"index {schema}.{name} was built but is INVALID", where=where, next_step="run airside upgrade again"
        )
