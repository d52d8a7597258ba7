"""Old partitions in a second database: under one name with the live ones, proven on both sides, and back again."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from airside.partitions.archive.drop import drop_archived
from airside.partitions.archive.due import DueLeaf
from airside.partitions.archive.ledger import archives
from airside.partitions.archive.restored import Restored
from airside.partitions.archive.second import Second, bring_back
from airside.partitions.archive.source import session
from airside.partitions.state import read_ladders
from airside.schema.core import Database
from airside.schema.core.catalog import Catalog, inspect
from airside.schema.core.compare import compare
from airside.schema.core.errors import MissingExtension, Refused, UsageError
from airside.server import Server, ephemeral
from psycopg import sql

from .archive_ground import fill, ground, holds, patience

TYPES = """
CREATE EXTENSION citext; CREATE EXTENSION hstore;
CREATE TYPE public.mood AS ENUM ('hurried', 'odd', 'calm');
CREATE TYPE public.pair AS (a integer, b text);
CREATE DOMAIN public.positive AS integer; CREATE DOMAIN public.price AS numeric(12, 2);
"""


@pytest.fixture
def zoo(server: Server, database: str) -> Iterator[Database]:
    with ground(server, database) as made:
        with server.connect(made.name, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION postgres_fdw")
        yield made


def cold_database(server: Server) -> Iterator[str]:
    name = f"cold_{uuid.uuid4().hex[:12]}"
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    with server.connect(name, autocommit=True) as connection:
        connection.execute(TYPES)
    yield server.url(name, show_password=True)
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def cold(server: Server) -> Iterator[str]:
    yield from cold_database(server)


@pytest.fixture(scope="module")
def other_server() -> Iterator[Server]:
    with ephemeral() as started:
        yield started


def second(server: Server, zoo: Database, url: str) -> Second:
    return Second(server, zoo, url, timedelta(0), patience())


def due(server: Server, zoo: Database, leaf: str = "zoo_2024_01") -> DueLeaf:
    with session(server, zoo) as connection:
        (ladder,) = [ladder for ladder in read_ladders(connection, zoo) if ladder.table == "zoo"]
    return DueLeaf(ladder, next(item for item in ladder.leaves if item.name == leaf), datetime.now(UTC), None)


def send(server: Server, zoo: Database, url: str, leaf: str = "zoo_2024_01"):
    with session(server, zoo) as connection:
        return second(server, zoo, url).archive(connection, due(server, zoo, leaf))


def count(server: Server, zoo: Database, relation: str, role: str | None = None) -> int:
    with server.connect(zoo.name, autocommit=True) as connection:
        if role:
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.SQL(relation))).fetchone()
    assert row is not None
    return row[0]


def there_and_back(server: Server, zoo: Database, url: str) -> None:
    fill(server, zoo, 50, "2024-02-01 00:00+00")
    before = holds(server, zoo)
    everything = count(server, zoo, "public.zoo")
    archive = send(server, zoo, url)
    assert (archive.state, archive.target, archive.row_count) == ("verified", "database", before.rows)
    assert count(server, zoo, "public.zoo") == everything - before.rows
    assert count(server, zoo, "airside.zoo_all") == everything
    assert count(server, zoo, "airside.zoo_all", zoo.roles.app) == everything
    drop_archived(server, zoo, archive, patience=patience())
    assert count(server, zoo, "airside.zoo_all") == everything
    assert bring_back(server, zoo, archive, patience=patience()) == Restored("public.zoo_2024_01", before.rows, "zoo")
    assert holds(server, zoo) == before
    assert count(server, zoo, "airside.zoo_all") == count(server, zoo, "public.zoo") == everything
    assert bring_back(server, zoo, archive, patience=patience()).again
    # and away again: the table in the second database is a former copy of ours
    send(server, zoo, url)
    assert count(server, zoo, "airside.zoo_all") == everything


def test_two_databases_of_one_server(server: Server, zoo: Database, cold: str) -> None:
    there_and_back(server, zoo, cold)


def test_two_servers(server: Server, other_server: Server, zoo: Database) -> None:
    for url in cold_database(other_server):
        there_and_back(server, zoo, url)


def test_keys_stay_with_the_live_table(server: Server, zoo: Database, cold: str) -> None:
    send(server, zoo, cold)
    with session(server, zoo) as connection:
        connection.execute(
            "INSERT INTO public.zoo (id, created_at, person) VALUES (gen_random_uuid(), '2024-03-05', 3)"
            " ON CONFLICT (id, created_at) DO NOTHING"
        )
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute(
                "INSERT INTO public.zoo (id, created_at, person) VALUES (gen_random_uuid(), '2024-03-05', 99)"
            )
        # late rows: the live table has no place for them, and the archive does not change
        with pytest.raises(psycopg.errors.CheckViolation, match="no partition"):
            connection.execute("INSERT INTO public.zoo (id, created_at) VALUES (gen_random_uuid(), '2024-01-05')")
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
            connection.execute("DELETE FROM airside.zoo_cold")
        plan = connection.execute(
            "EXPLAIN SELECT * FROM airside.zoo_all WHERE created_at >= '2024-03-01 00:00+00'"
        ).fetchall()
    assert "cold" not in str(plan)


def test_a_row_that_comes_while_it_is_copied_is_copied_too(
    server: Server, zoo: Database, cold: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airside.partitions.archive import second as module

    fenced = module.fence_attached

    def late(*arguments: object) -> None:
        fill(server, zoo, 1)
        fenced(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "fence_attached", late)
    everything = count(server, zoo, "public.zoo")
    archive = send(server, zoo, cold)
    assert count(server, zoo, "airside.zoo_all") == everything + 1
    assert archive.row_count == count(server, zoo, "airside.zoo_cold", zoo.roles.owner)


def test_readers_never_see_a_row_twice_or_not_at_all(server: Server, zoo: Database, cold: str) -> None:
    fill(server, zoo, 50, "2024-02-01 00:00+00")
    send(server, zoo, cold, "zoo_2024_02")
    everything = count(server, zoo, "airside.zoo_all")
    seen: set[int] = set()
    stop = threading.Event()

    def read() -> None:
        with server.connect(zoo.name, autocommit=True) as connection:
            while not stop.is_set():
                row = connection.execute("SELECT count(*) FROM airside.zoo_all").fetchone()
                assert row is not None
                seen.add(row[0])

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(3):
        archive = send(server, zoo, cold)
        bring_back(server, zoo, archive, patience=patience())
    stop.set()
    reader.join()
    assert seen == {everything}


def test_writers_are_let_in_again_when_the_swap_fails(
    server: Server, zoo: Database, cold: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airside.partitions.archive import second as module

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "make_foreign", fail)
    with pytest.raises(KeyboardInterrupt):
        send(server, zoo, cold)
    fill(server, zoo, 1)
    monkeypatch.undo()
    everything = count(server, zoo, "public.zoo")
    send(server, zoo, cold)
    assert count(server, zoo, "airside.zoo_all") == everything


def test_what_is_refused(server: Server, zoo: Database, cold: str) -> None:
    with pytest.raises(UsageError, match="is the first one"):
        send(server, zoo, server.url(zoo.name, show_password=True))
    with psycopg.connect(cold, autocommit=True) as far:
        far.execute("CREATE TABLE public.zoo_2024_01 (mine int)")
        with pytest.raises(Refused, match="no copy that may go"):
            send(server, zoo, cold)
        far.execute("DROP TABLE public.zoo_2024_01, public.zoo; DROP TYPE public.mood")
        with pytest.raises(Refused, match="lacks what the table is made of"):
            send(server, zoo, cold)
    with session(server, zoo) as connection:
        assert archives(connection) == ()
        connection.execute("ALTER TABLE public.zoo ENABLE ROW LEVEL SECURITY")
    with pytest.raises(Refused, match="policies hide rows"):
        send(server, zoo, cold)
    with server.connect(zoo.name, autocommit=True) as connection:
        connection.execute("ALTER TABLE public.zoo DISABLE ROW LEVEL SECURITY; DROP EXTENSION postgres_fdw CASCADE")
    with pytest.raises(MissingExtension, match="postgres_fdw"):
        send(server, zoo, cold)


@pytest.mark.parametrize("dropped", [False, True])
def test_an_archive_that_came_back_and_went_again_is_not_brought_back_by_its_former_number(
    server: Server, zoo: Database, cold: str, dropped: bool
) -> None:
    everything = count(server, zoo, "public.zoo")
    first = send(server, zoo, cold)
    if dropped:
        drop_archived(server, zoo, first, patience=patience())
    bring_back(server, zoo, first, patience=patience())
    again = send(server, zoo, cold)
    with pytest.raises(Refused, match=f"was archived again, as #{again.id}"):
        bring_back(server, zoo, first, patience=patience())
    assert count(server, zoo, "airside.zoo_all") == everything
    bring_back(server, zoo, again, patience=patience())
    assert send(server, zoo, cold).row_count == everything


def test_nothing_is_dropped_when_the_second_database_changed(server: Server, zoo: Database, cold: str) -> None:
    archive = send(server, zoo, cold)
    with psycopg.connect(cold, autocommit=True) as far:
        far.execute("UPDATE public.zoo_2024_01 SET small = 1 WHERE ctid = (SELECT min(ctid) FROM public.zoo_2024_01)")
    with pytest.raises(Refused, match="does not hold what was archived"):
        drop_archived(server, zoo, archive, patience=patience())
    with psycopg.connect(cold, autocommit=True) as far:
        far.execute("DROP TABLE public.zoo_2024_01")
    with pytest.raises(Refused, match="the table is gone"):
        drop_archived(server, zoo, archive, patience=patience())
    assert holds(server, zoo).rows == archive.row_count


def test_a_new_column_is_null_in_old_rows(server: Server, zoo: Database, cold: str, tmp_path: Path) -> None:
    send(server, zoo, cold)
    with session(server, zoo) as connection:
        connection.execute("ALTER TABLE public.zoo ADD COLUMN new integer DEFAULT 7")
    send(server, zoo, cold, "zoo_2024_02")
    with session(server, zoo) as connection:
        connection.execute("INSERT INTO public.zoo (id, created_at) VALUES (gen_random_uuid(), '2024-03-05')")
        found = dict(connection.execute("SELECT new, count(*) FROM airside.zoo_all GROUP BY new").fetchall())
    assert found[7] == 1
    assert found[None] > 1


def test_it_is_no_drift(server: Server, zoo: Database, cold: str) -> None:
    def catalog() -> Catalog:
        with server.connect(zoo.name, autocommit=True) as connection:
            return inspect(connection)

    before = catalog()
    drop_archived(server, zoo, send(server, zoo, cold), patience=patience())
    assert compare(before, catalog()) == ()


def test_no_password_is_shown_or_recorded(server: Server, zoo: Database, cold: str) -> None:
    from urllib.parse import urlsplit

    parts = urlsplit(cold)
    url = f"{cold}{'&' if parts.query else '?'}password=hunter2"
    archive = send(server, zoo, url)
    with session(server, zoo) as connection:
        assert "hunter2" not in str(archives(connection)) + archive.location
