"""Any exception as a failure to report. Imported only when there is one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy.exc import DBAPIError

from ..schema.core.errors import AirsideError, EnvironmentProblem

if TYPE_CHECKING:
    from ..server import Server

EXIT_UNEXPECTED = 70
TRACEBACK_VARIABLE = "AIRSIDE_TRACEBACK"


@dataclass(frozen=True, slots=True)
class Failure:
    """What is printed, and the exit code."""

    kind: str
    what: str
    where: str | None
    next_step: str | None
    exit_code: int


def explain(error: Exception, server: Server | None) -> Failure:
    """The failure that an exception is to a user. Raises the exception itself when a traceback is asked for."""
    if isinstance(error, AirsideError):
        return Failure(type(error).__name__, error.what, error.where, error.next_step, error.exit_code)
    if os.environ.get(TRACEBACK_VARIABLE):
        raise error
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.Error):
        return _of_driver(cause, server)
    return Failure(
        "UnexpectedError",
        f"unexpected {type(error).__name__}: {error}",
        None,
        f"run it again with {TRACEBACK_VARIABLE}=1 to see where, and report it",
        EXIT_UNEXPECTED,
    )


def _of_driver(error: psycopg.Error, server: Server | None) -> Failure:
    from ..server import translate

    known = translate(error, server) if server else None
    if known is not None:
        return Failure(type(known).__name__, known.what, known.where, known.next_step, known.exit_code)
    # str(error) may quote a statement or a connection string; the primary message does neither
    what = error.diag.message_primary or f"PostgreSQL said {type(error).__name__}"
    return Failure(
        type(error).__name__,
        f"{what} [{error.sqlstate or 'no SQLSTATE'}]",
        None,
        f"run it again with {TRACEBACK_VARIABLE}=1 to see where",
        EnvironmentProblem.exit_code,
    )
