"""How large tables are where it matters: read from a live database, or from a file that was written from one.

The file (`airside.statistics.json`) can be committed, so that CI needs no way into production. It holds table names and
numbers, nothing of rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg.rows import tuple_row

from ...schema.core.errors import ConfigurationError, LockNotAcquired, NotProvisioned, StatementFailed
from ...schema.core.sql import query
from ...server import Server, resolve, translate
from .model import SequenceUse, TableStatistics

FILE = "airside.statistics.json"
FORMAT = 1
QUERIES = Path(__file__).parent / "queries"
Statistics = Mapping[str, TableStatistics]
# where connections begin when an address names no database
_NOT_NAMED = "postgres"
_WRITE_AGAIN = "write the file again from the database"
# reading sizes takes a weak lock on each table for a moment; a migration there keeps it waiting
_LOCK_TIMEOUT = "2s"
_STATEMENT_TIMEOUT = "60s"


def read_statistics(source: str, database: str | None = None) -> Statistics:
    """The statistics of one database by `schema.table`, from a URL (or libpq's `key=value`), else from a file.

    From a URL it is `database` if there is one of that name, else the one in the URL; from a file `database`, or the
    only one when that is None. Raises ConfigurationError for a file or URL that cannot be used, NotProvisioned when the
    database is not there or holds no table, LockNotAcquired when a table is locked, and what `Server.connect` raises.
    """
    if "://" in source or ("=" in source and not Path(source).exists()):
        return _from_server(resolve(source), database)
    return _chosen(_load(Path(source)), database, Path(source))


def _from_server(server: Server, database: str | None) -> Statistics:
    if database is not None and database != server.maintenance:
        try:
            return live_statistics(server, database)
        except NotProvisioned:
            if server.maintenance == _NOT_NAMED:
                raise
    return live_statistics(server, server.maintenance)


def live_statistics(server: Server, database: str) -> Statistics:
    """Read in one read-only snapshot; a standby serves as well. Raises like `read_statistics`."""
    with server.connect(database, autocommit=True, application_name="airside statistics") as connection:
        try:
            found = _snapshot(connection)
        except psycopg.errors.LockNotAvailable as error:
            raise LockNotAcquired(
                "a table is locked by somebody else",
                where=f"{database} on {server.where}",
                next_step="run the command again when the migration there has ended",
            ) from error
        except psycopg.Error as error:
            refused = StatementFailed(
                f"the statistics cannot be read: {error.diag.message_primary or error}",
                where=f"{database} on {server.where}",
                next_step="give a role that may read the system catalogs",
            )
            raise translate(error, server) or refused from error
    if not found:
        raise NotProvisioned(
            "there are no tables to read statistics of",
            where=f"{database} on {server.where}",
            next_step="name the database in the URL: postgresql://HOST/DATABASE",
        )
    return found


def _snapshot(connection: psycopg.Connection[Any]) -> Statistics:
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_catalog.set_config('lock_timeout', %s, true)", [_LOCK_TIMEOUT])
        cursor.execute("SELECT pg_catalog.set_config('statement_timeout', %s, true)", [_STATEMENT_TIMEOUT])
        cursor.execute(query(QUERIES, "table_statistics"))
        tables = cast("list[tuple[str, float, int, float]]", cursor.fetchall())
        cursor.execute(query(QUERIES, "sequence_statistics"))
        sequences = cast("list[tuple[str, int, int, int, str | None]]", cursor.fetchall())
    found = {name: TableStatistics(rows, size, writes) for name, rows, size, writes in tables}
    if not found:
        return {}
    counted = {
        name: TableStatistics(0, sequence=SequenceUse(start, last, end, column))
        for name, start, last, end, column in sequences
    }
    return found | counted


def write_statistics(path: Path, database: str, statistics: Statistics) -> None:
    """Write the statistics of one database into the file; those of others in it stay.

    Raises ConfigurationError when the file is there and is none of ours.
    """
    databases: dict[str, Any] = _load(path) if path.exists() else {}
    databases[database] = {
        "tables": {name: _table_entry(item) for name, item in sorted(statistics.items()) if item.sequence is None},
        "sequences": {
            name: _sequence_entry(item.sequence) for name, item in sorted(statistics.items()) if item.sequence
        },
    }
    text = json.dumps({"format": FORMAT, "databases": dict(sorted(databases.items()))}, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _table_entry(item: TableStatistics) -> dict[str, Any]:
    # whole numbers: a file that changes with every row would make a diff every time
    entry: dict[str, Any] = {"rows": round(item.rows), "bytes": item.bytes}
    return entry if item.writes is None else entry | {"writes_per_second": round(item.writes, 2)}


def _sequence_entry(use: SequenceUse) -> dict[str, Any]:
    entry: dict[str, Any] = {"start": use.start, "last": use.last, "end": use.end}
    return entry if use.column is None else entry | {"column": use.column}


def _load(path: Path) -> dict[str, Any]:
    """The databases of a file, not read further."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(
            "there is no such file", where=str(path), next_step="give a file of statistics, or a postgresql:// URL"
        ) from error
    except OSError as error:
        raise ConfigurationError(
            f"the file cannot be read: {error.strerror}", where=str(path), next_step="give a readable file"
        ) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the file is no JSON: {error}", where=str(path), next_step=_WRITE_AGAIN) from error
    if not isinstance(data, dict) or "format" not in data:
        raise ConfigurationError("the file holds no statistics", where=str(path), next_step=_WRITE_AGAIN)
    named = cast("dict[str, Any]", data)
    if named["format"] != FORMAT:
        raise ConfigurationError(
            f"the file has format {named['format']!r}, this version reads {FORMAT}",
            where=str(path),
            next_step=_WRITE_AGAIN,
        )
    databases = named.get("databases")
    if not isinstance(databases, dict):
        raise ConfigurationError("the file names no databases", where=str(path), next_step=_WRITE_AGAIN)
    return cast("dict[str, Any]", databases)


def _chosen(databases: Mapping[str, Any], database: str | None, path: Path) -> Statistics:
    if database is None and len(databases) == 1:
        [database] = databases
    if database is None or database not in databases:
        held = ", ".join(databases) or "none"
        raise ConfigurationError(
            f"the file holds statistics of {held}" + (f", not of {database}" if database else ""),
            where=str(path),
            next_step=_WRITE_AGAIN,
        )
    where = f"{path}: {database}"
    section = _mapping(databases[database], where)
    tables = {
        name: _table(_mapping(entry, f"{where}.{name}"), f"{where}.{name}")
        for name, entry in _mapping(section.get("tables", {}), where).items()
    }
    sequences = {
        name: TableStatistics(0, sequence=_sequence(_mapping(entry, f"{where}.{name}"), f"{where}.{name}"))
        for name, entry in _mapping(section.get("sequences", {}), where).items()
    }
    return tables | sequences


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigurationError("this is not an object", where=where, next_step=_WRITE_AGAIN)
    return cast("Mapping[str, Any]", value)


def _table(entry: Mapping[str, Any], where: str) -> TableStatistics:
    writes = _number(entry, "writes_per_second", where) if "writes_per_second" in entry else None
    return TableStatistics(_number(entry, "rows", where), int(_number(entry, "bytes", where)), writes)


def _sequence(entry: Mapping[str, Any], where: str) -> SequenceUse:
    column = entry.get("column")
    start, last, end = (int(_number(entry, name, where, least=None)) for name in ("start", "last", "end"))
    return SequenceUse(start, last, end, str(column) if column is not None else None)


def _number(entry: Mapping[str, Any], name: str, where: str, least: float | None = 0) -> float:
    value = entry.get(name)
    # JSON's true is an int in Python, and its reader takes NaN and Infinity
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ConfigurationError(f"{name} is {value!r}, not a number", where=where, next_step=_WRITE_AGAIN)
    if least is not None and value < least:
        raise ConfigurationError(f"{name} is {value!r}, not a number", where=where, next_step=_WRITE_AGAIN)
    return value
