"""Every connection that somebody's project opens is led to the scratch database, so that theirs is never touched.

SQLAlchemy's engines are led there by an event, whatever address and driver they were made for; the drivers'
own `connect` too, which an engine's `creator` or a revision may call. What settles how sessions behave (`options`,
asyncpg's `server_settings`) is kept as they set it: timeouts belong to what is checked.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine, event

_KEPT = frozenset(
    {
        "application_name",
        "autocommit",
        "command_timeout",
        "connection_factory",
        "context",
        "cursor_factory",
        "options",
        "prepare_threshold",
        "prepared_statement_cache_size",
        "prepared_statement_name_func",
        "row_factory",
        "server_settings",
        "statement_cache_size",
    }
)
_LIBPQ = ("psycopg", "psycopg_async", "psycopg2", "psycopg2cffi")
_WORDS = {"host": "host", "port": "port", "user": "user", "password": "password", "dbname": "database"}
_FUNCTIONS = (("psycopg2", "connect"), ("asyncpg", "connect"), ("asyncpg.connection", "connect"), ("pg8000", "connect"),
              ("pg8000.dbapi", "connect"))  # fmt: skip


@dataclass(slots=True)
class Redirection:
    """Leads to the database of `conninfo` (libpq's parameters). `aside` counts connections made without SQLAlchemy,
    `databases` are those that engines were made for.
    """

    conninfo: Mapping[str, str]
    aside: int = 0
    databases: set[str] = field(default_factory=set[str])

    def install(self) -> None:
        """From now on, in this process and those that it starts."""
        event.listen(Engine, "do_connect", self._engine)
        for name in [name for name in os.environ if name.startswith("PG")]:
            del os.environ[name]
        defaults = {option.keyword.decode(): option.envvar for option in psycopg.pq.Conninfo.get_defaults()}
        for name, value in self.conninfo.items():
            if variable := defaults.get(name):
                os.environ[variable.decode()] = value
        self._psycopg()
        for module, function in _FUNCTIONS:
            if find_spec(module.partition(".")[0]) is not None:
                self._function(importlib.import_module(module), function)

    def _engine(self, dialect: Any, _record: Any, cargs: list[Any], cparams: dict[str, Any]) -> None:
        if dialect.name != "postgresql":
            raise RuntimeError(f"the project's engine is for {dialect.name}, not for PostgreSQL")
        self.databases.add(str(cparams.get("dbname") or cparams.get("database") or ""))
        given = self._instead(dialect.driver, _with_dsn(cargs, cparams))
        cargs.clear()
        cparams.clear()
        cparams.update(given)

    def _psycopg(self) -> None:
        for kind in (psycopg.Connection, psycopg.AsyncConnection):
            original = cast("Any", kind).connect.__func__

            def connect(cls: Any, conninfo: str = "", *, _original: Callable[..., Any] = original, **given: Any) -> Any:
                return _original(cls, **self._led("psycopg", [conninfo], given))

            cast("Any", kind).connect = classmethod(connect)
        cast("Any", psycopg).connect = psycopg.Connection.connect

    def _function(self, module: Any, name: str) -> None:
        original = getattr(module, name)
        driver = module.__name__.partition(".")[0]

        def connect(*args: Any, **given: Any) -> Any:
            return original(**self._led(driver, list(args), given))

        setattr(module, name, connect)

    def _led(self, driver: str, args: list[Any], given: dict[str, Any]) -> dict[str, Any]:
        parameters = _with_dsn(args, given)
        if self.conninfo["dbname"] in (parameters.get("dbname"), parameters.get("database")):
            return parameters
        if not _of_a_pool():
            self.aside += 1
        return self._instead(driver, parameters)

    def _instead(self, driver: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The scratch database's address in the words of a driver, with what was set for the session."""
        kept = {name: value for name, value in given.items() if name in _KEPT}
        if driver in _LIBPQ:
            ours = dict(self.conninfo)
            options = " ".join(filter(None, (ours.pop("options", ""), kept.pop("options", ""))))
            return {**ours, **kept, **({"options": options} if options else {})}
        address: dict[str, Any] = {
            theirs: self.conninfo[libpq] for libpq, theirs in _WORDS.items() if libpq in self.conninfo
        }
        if "port" in address:
            address["port"] = int(address["port"])
        if driver == "pg8000" and str(address.get("host", "")).startswith("/"):
            address["unix_sock"] = f"{address.pop('host')}/.s.PGSQL.{address.pop('port', 5432)}"
        kept.pop("options", None)
        return address | kept


def _with_dsn(args: list[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What a call of `connect` says, its connection string taken apart."""
    parameters = dict(given)
    for text in [*args[:1], parameters.pop("dsn", None), parameters.pop("conninfo", None)]:
        if isinstance(text, str) and text:
            parameters = {**conninfo_to_dict(text), **parameters}
    return parameters


def _of_a_pool() -> bool:
    """Whether an engine's pool asks, through a `creator` of theirs: its statements are seen like any other's."""
    frame = sys._getframe(2)  # pyright: ignore[reportPrivateUsage]
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith("sqlalchemy.pool"):
            return True
        frame = frame.f_back
    return False
