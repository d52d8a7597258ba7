"""What psycopg says about a connection, as errors with a next step and without a password."""

from __future__ import annotations

import re
from typing import Protocol

import psycopg

from ..schema.core.errors import (
    AirsideError,
    AuthenticationFailed,
    ConfigurationError,
    MissingRight,
    NoServer,
    NotProvisioned,
    ServerGone,
)

_LOST_SQLSTATES = frozenset({"57P01", "57P02", "57P03", "57P05"})
_LOST_TEXTS = (
    "server closed the connection",
    "the connection is closed",
    "the connection is lost",
    "connection not open",
    "consuming input failed",
    "sending query failed",
    "sending prepared query failed",
    "terminating connection",
    "connection has been closed unexpectedly",
    "connection reset by peer",
    "broken pipe",
)
_AUTHENTICATION_TEXTS = (
    "authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "pg_hba.conf rejects",
    "is not permitted to log in",
    "authentication method",
    "requires a peer user name",
    "valid client certificate",
)
_NO_ROLE = re.compile(r'role ".*" does not exist')
_NO_DATABASE = re.compile(r'database "(.*)" does not exist')
# libpq puts the address before the reason, once per address it tried
_ADDRESS = re.compile(r"^(.*?\bfailed|connection is bad): (?=\S)")


class Place(Protocol):
    """What an error may tell of a server."""

    @property
    def where(self) -> str: ...

    @property
    def user(self) -> str | None: ...

    @property
    def password(self) -> str | None: ...


def translate(error: psycopg.Error, server: Place) -> AirsideError | None:
    """ServerGone or AuthenticationFailed when the error is about the connection itself, else None.

    None means that the server answered: the error belongs to the statement and to whoever sent it.
    """
    state = error.sqlstate or ""
    text = str(error).lower()
    if state.startswith("08") or state in _LOST_SQLSTATES:
        return _gone(error, server)
    if state.startswith("28"):
        return _authentication(_reason(error, server), server)
    if not state and any(part in text for part in _LOST_TEXTS):
        return _gone(error, server)
    return None


def not_connected(error: psycopg.Error, server: Place) -> AirsideError:
    """Why no connection came about.

    libpq hands out no SQLSTATE for a connection that never stood, so the English text decides; with a
    server that speaks another language the reason is passed on as NoServer.
    """
    reason = _reason(error, server)
    text = reason.lower()
    if text.startswith("invalid "):
        return ConfigurationError(f"{server.where}: {reason}", next_step="correct the parameters of the address")
    if missing := _NO_DATABASE.search(reason):
        return NotProvisioned(
            f"database {missing[1]} does not exist on {server.where}",
            next_step=f"airside provision <system>.{missing[1]}",
        )
    if _NO_ROLE.search(reason) or any(part in text for part in _AUTHENTICATION_TEXTS) or _asked(error):
        return _authentication(reason, server)
    if "permission denied for database" in text:
        return MissingRight(
            f"{reason} (on {server.where})", next_step="GRANT CONNECT ON DATABASE ... TO the role, as its owner"
        )
    return _unavailable(reason, server)


def _unavailable(reason: str, server: Place) -> NoServer:
    text = reason.lower()
    if "too many clients" in text or "remaining connection slots" in text or "too many connections" in text:
        return NoServer(
            f"{server.where} has no free connection: {reason}",
            next_step="close idle sessions or raise max_connections",
        )
    if "starting up" in text or "shutting down" in text or "recovery mode" in text:
        return NoServer(f"{server.where} is not ready: {reason}", next_step="run the command again in a moment")
    return NoServer(
        f"no PostgreSQL answers at {server.where}: {reason}",
        next_step="check the address, or run airside up for the embedded server",
    )


def _gone(error: psycopg.Error, server: Place) -> ServerGone:
    return ServerGone(
        f"the connection to {server.where} was lost: {_reason(error, server)}",
        next_step="run the command again once the server is back",
    )


def _authentication(reason: str, server: Place) -> AuthenticationFailed:
    return AuthenticationFailed(
        f"{server.where} refused {f'user {server.user}' if server.user else 'the user'}: {reason}",
        next_step="check user and password (--url, AIRSIDE_URL, PGPASSWORD or the password file)",
    )


def _asked(error: psycopg.Error) -> bool:
    connection = error.pgconn
    return connection is not None and bool(connection.needs_password)


def _reason(error: psycopg.Error, server: Place) -> str:
    """One line without libpq's address and without the password."""
    text = error.diag.message_primary or str(error)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    attempts = [line for line in lines if " failed: " in line]
    line = (attempts or lines or ["unknown reason"])[-1 if attempts else 0]
    while stripped := _ADDRESS.match(line):
        line = line[stripped.end() :]
    line = re.sub(r"^(FATAL|ERROR):\s+", "", line)
    return line.replace(server.password, "***") if server.password else line
