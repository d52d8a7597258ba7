"""Provisioning against its peers: the same SQL files replayed with psql, and plain `alembic upgrade head`."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from airside.cli.parallel import each
from airside.migrations.provision import provision
from airside.migrations.rights import apply_database_rights, create_database, ensure_roles
from airside.migrations.runner import history
from airside.migrations.session import Session
from airside.migrations.sqlfile import sibling
from airside.schema.core.registry import Entry
from airside.server import Server, find
from psycopg import sql

ROOT = Path(__file__).parents[1]


def provision_times(server: Server, entries: tuple[Entry, ...], *, parallel: bool, runs: int) -> dict[str, float]:
    """Median seconds from nothing to head: ours in process, psql's replay, and alembic for each database in turn.

    With `parallel`, ours and psql work on as many databases at once as there are cores, psql in as many processes as
    there are databases.
    """

    def ours() -> None:
        if parallel:
            for _ in each(ours_for, server, entries):
                pass
        else:
            for entry in entries:
                ours_for(server, entry)

    def psql() -> None:
        if parallel:
            with ThreadPoolExecutor(len(entries)) as pool:
                list(pool.map(lambda entry: psql_for(server, entry), entries))
        else:
            for entry in entries:
                psql_for(server, entry)

    def alembic() -> None:
        for entry in entries:
            alembic_for(server, entry)

    # in turn, so that a busy moment of the machine hits all alike
    taken: dict[str, list[float]] = {"ours": [], "psql": [], "alembic": []}
    for _ in range(runs):
        for name, work in (("ours", ours), ("psql", psql), ("alembic", alembic)):
            forget(server, entries)
            began = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - began)
    forget(server, entries)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def ours_for(server: Server, entry: Entry) -> None:
    database = entry.load()
    provision(server, entry, database, Session(entry, server, entry.name, database.roles))


def psql_for(server: Server, entry: Entry) -> None:
    empty(server, entry)
    files = [argument for script in history(entry) for argument in ("-f", str(sibling(script.path, "up")))]
    owner = f"SET ROLE {entry.load().roles.owner}"
    environment = {**os.environ, **server.environment(entry.name)}
    command = [find().tool("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-c", owner, *files]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def alembic_for(server: Server, entry: Entry) -> None:
    empty(server, entry)
    environment = {**os.environ, "AIRSIDE_URL": server.url("postgres", show_password=True)}
    alembic = Path(sys.executable).parent / "alembic"
    command = [alembic, "-c", str(ROOT / "alembic.ini"), "-n", entry.name, "upgrade", "head"]
    subprocess.run(command, env=environment, check=True, capture_output=True)


def empty(server: Server, entry: Entry) -> None:
    """The roles and the empty database, which psql and alembic do not make."""
    database = entry.load()
    with server.connect(autocommit=True) as connection:
        ensure_roles(connection, database)
        create_database(connection, entry.name, database.roles.owner)
    with server.connect(entry.name, autocommit=True) as connection:
        apply_database_rights(connection, entry.name, database)


def forget(server: Server, entries: tuple[Entry, ...]) -> None:
    with server.connect(autocommit=True) as connection:
        for entry in entries:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(entry.name)))
            database = entry.load()
            extra = [role.name for role in database.extra_roles]
            for role in (*extra, *database.roles.names()):
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
