"""What comes back is made ready beforehand and attached under a bounded lock; what has another's name never is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from airside.partitions.actions import Attach, Create, Table
from airside.partitions.archive import restore as restoring
from airside.partitions.archive.drop import drop_archived
from airside.partitions.archive.export import export_leaf
from airside.partitions.archive.ledger import Archive, archives
from airside.partitions.archive.restore import restore
from airside.partitions.archive.second import bring_back
from airside.partitions.archive.source import session
from airside.partitions.archive.verify import located
from airside.partitions.ledger import ensure_ledger
from airside.partitions.perform import Performer
from airside.schema.core import Database
from airside.schema.core.errors import Refused
from airside.schema.core.partitioning import Child
from airside.schema.core.patience import Patience
from airside.server import Server

from .archive_ground import detach, holds, patience, source
from .test_archive_second import cold, count, send, zoo  # noqa: F401 - fixtures

CHECKS = (
    "SELECT array_agg(pg_get_constraintdef(oid)) FROM pg_constraint"
    " WHERE conrelid = 'public.zoo_2024_01'::regclass AND contype = 'c' AND convalidated"
)


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[bool, int]]:
    """Of every piece of work: whether it was bounded, and how many locks were looked at before it."""
    seen: dict[str, tuple[bool, int]] = {}
    original = Patience.transaction

    def watched(self: Patience, connection: Any, work: Callable[[], Any], **options: Any) -> Any:
        seen[options["what"]] = (options.get("bounded", False), len(options.get("locks", ())))
        return original(self, connection, work, **options)

    monkeypatch.setattr(Patience, "transaction", watched)
    return seen


def execute(server: Server, declared: Database, statement: str) -> Any:
    with session(server, declared) as connection:
        found = connection.execute(statement.encode())
        row = found.fetchone() if found.description else None
    return row[0] if row is not None else None


def filed(server: Server, declared: Database, place: Path) -> Archive:
    """January in a file; the partition is here still, detached and without a CHECK."""
    archive = export_leaf(server, declared, source(server, declared), str(place), patience=patience())
    detach(server, declared, source(server, declared))
    return archive


def restored(server: Server, declared: Database, archive: Archive) -> None:
    restore(server, declared, *located(archive.location), patience=patience(), sha256=archive.manifest_sha256)


def test_a_partition_without_a_check_gets_one_before_it_is_attached(
    server: Server,
    zoo: Database,  # noqa: F811
    tmp_path: Path,
    bounded: dict[str, tuple[bool, int]],
) -> None:
    archive = filed(server, zoo, tmp_path)
    assert execute(server, zoo, CHECKS) is None
    execute(server, zoo, "CREATE INDEX new_one ON public.zoo (whole)")
    before = holds(server, zoo)
    restored(server, zoo, archive)
    assert holds(server, zoo) == before
    (check,) = execute(server, zoo, CHECKS)
    assert "created_at >= '2024-01-01" in check
    assert bounded["attach zoo_2024_01"] == (True, bounded["attach zoo_2024_01"][1])
    assert bounded["attach zoo_2024_01"][1] > 1
    # once is enough
    assert len(execute(server, zoo, CHECKS)) == 1


@pytest.mark.parametrize("dropped", [False, True])
def test_the_way_back_from_a_second_database_is_bounded(
    server: Server,
    zoo: Database,  # noqa: F811
    cold: str,  # noqa: F811
    dropped: bool,
    bounded: dict[str, tuple[bool, int]],
) -> None:
    everything = count(server, zoo, "public.zoo")
    archive = send(server, zoo, cold)
    if dropped:
        drop_archived(server, zoo, archive, patience=patience())
    else:
        execute(server, zoo, "ALTER TABLE public.zoo_2024_01 DROP CONSTRAINT zoo_2024_01_rng")
    bring_back(server, zoo, archive, patience=patience())
    assert count(server, zoo, "public.zoo") == everything
    assert "created_at >=" in str(execute(server, zoo, CHECKS))
    for what in ("swap zoo_2024_01", "swap zoo_2024_01 back", "fence zoo_2024_01"):
        assert bounded[what][0], what
        assert bounded[what][1], what


def test_a_row_of_another_period_is_told_and_nothing_is_attached(
    server: Server,
    zoo: Database,  # noqa: F811
    tmp_path: Path,
) -> None:
    archive = filed(server, zoo, tmp_path)
    execute(
        server,
        zoo,
        "UPDATE public.zoo_2024_01 SET created_at = '2025-05-05'"
        " WHERE ctid = (SELECT ctid FROM public.zoo_2024_01 LIMIT 1)",
    )
    with pytest.raises(Refused, match="holds rows that are not of its period"):
        restored(server, zoo, archive)
    execute(server, zoo, "DELETE FROM public.zoo_2024_01 WHERE created_at > '2025-01-01'")
    restored(server, zoo, archive)


def test_a_column_that_it_lacks_is_named(server: Server, zoo: Database, tmp_path: Path) -> None:  # noqa: F811
    archive = filed(server, zoo, tmp_path)
    execute(server, zoo, "ALTER TABLE public.zoo ADD COLUMN new integer")
    with pytest.raises(Refused, match="it lacks new integer"):
        restored(server, zoo, archive)
    execute(server, zoo, "ALTER TABLE public.zoo_2024_01 ADD COLUMN new integer")
    restored(server, zoo, archive)


def test_rows_of_its_period_in_a_default_partition_are_told(
    server: Server,
    zoo: Database,  # noqa: F811
    cold: str,  # noqa: F811
) -> None:
    archive = send(server, zoo, cold)
    execute(server, zoo, "CREATE TABLE public.rest PARTITION OF public.zoo DEFAULT")
    execute(server, zoo, "INSERT INTO public.zoo (id, created_at) VALUES (gen_random_uuid(), '2024-01-05')")
    with pytest.raises(Refused, match="rows of its period are somewhere else"):
        bring_back(server, zoo, archive, patience=patience())
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
        execute(server, zoo, "DELETE FROM public.zoo_2024_01")
    execute(server, zoo, "DELETE FROM public.rest")
    bring_back(server, zoo, archive, patience=patience())


def test_a_partition_dropped_while_it_was_waited_for_is_no_riddle(
    server: Server,
    zoo: Database,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    archive = filed(server, zoo, tmp_path)
    leased = restoring.leased

    def late(connection: Any, oid: int, *arguments: Any, **options: Any) -> Any:
        if oid == archive.leaf_oid:
            execute(server, zoo, "DROP TABLE public.zoo_2024_01")
        return leased(connection, oid, *arguments, **options)

    monkeypatch.setattr(restoring, "leased", late)
    with pytest.raises(Refused, match="is gone, or another table has its name"):
        restored(server, zoo, archive)


ATTACHED = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'public.zoo'::regclass"
APRIL = Child(
    "zoo_2024_04",
    "FROM ('2024-04-01 00:00:00+00') TO ('2024-05-01 00:00:00+00')",
    datetime(2024, 4, 1, tzinfo=UTC),
    datetime(2024, 5, 1, tzinfo=UTC),
)


@pytest.mark.parametrize("again", [True, False], ids=["attach", "create"])
def test_a_table_that_took_the_name_is_not_attached(server: Server, zoo: Database, again: bool) -> None:  # noqa: F811
    with session(server, zoo) as connection:
        ensure_ledger(connection)
        performer = Performer(connection, patience(), ())
        (oid,) = connection.execute("SELECT 'public.zoo'::regclass::oid::bigint").fetchone() or (0,)
        parent = Table(oid, "public", "zoo")
        create = Create(parent, APRIL, "created_at")
        if again:
            connection.execute("CREATE TABLE public.zoo_2024_04 (LIKE public.zoo INCLUDING GENERATED)")
            (leaf,) = connection.execute("SELECT 'public.zoo_2024_04'::regclass::oid::bigint").fetchone() or (0,)
            step: Attach | Create = Attach(parent, Table(leaf, "public", "zoo_2024_04"), APRIL)
        else:
            performer.patience.script(connection, performer._making(create), what="make", where="zoo")
            performer.made.add(create)
            step = create
        connection.execute("ALTER TABLE public.zoo_2024_04 RENAME TO mine")
        connection.execute("CREATE TABLE public.zoo_2024_04 (LIKE public.zoo INCLUDING GENERATED)")
        with pytest.raises(Refused, match="zoo_2024_04 is not what it was when this was planned"):
            performer.do(step)
        assert connection.execute(ATTACHED).fetchone() == (3,)
        connection.execute("DROP TABLE public.zoo_2024_04")
        connection.execute("ALTER TABLE public.mine RENAME TO zoo_2024_04")
        performer.do(step)
        assert connection.execute(ATTACHED).fetchone() == (4,)


def test_long_names_stand_for_two_foreign_tables(server: Server, zoo: Database, cold: str) -> None:  # noqa: F811
    long = "z" * 57
    for month in ("01", "02"):
        execute(server, zoo, f"ALTER TABLE public.zoo_2024_{month} RENAME TO {long}_{month}")
    execute(server, zoo, "INSERT INTO public.zoo (id, created_at) VALUES (gen_random_uuid(), '2024-02-05')")
    everything = count(server, zoo, "public.zoo")
    for month in ("01", "02"):
        send(server, zoo, cold, f"{long}_{month}")
    assert count(server, zoo, "airside.zoo_all") == everything
    with session(server, zoo) as connection:
        for archive in archives(connection):
            bring_back(server, zoo, archive, patience=patience(), hold=timedelta(0))
    assert count(server, zoo, "public.zoo") == everything
