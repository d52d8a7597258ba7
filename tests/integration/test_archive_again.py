"""What came back or came late goes to the archive again: nothing that is there already is lost sight of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from airside.partitions.archive import restore as module
from airside.partitions.archive.attaching import make_ready
from airside.partitions.archive.drop import drop_archived
from airside.partitions.archive.export import Progress, export_leaf
from airside.partitions.archive.fence import fence
from airside.partitions.archive.files import left_detached
from airside.partitions.archive.ledger import Archive, archives
from airside.partitions.archive.restore import restore
from airside.partitions.archive.second import bring_back
from airside.partitions.archive.source import session
from airside.partitions.archive.verify import located, verify
from airside.partitions.state import Leaf, read_ladders
from airside.schema.core import Database, RangePartitions
from airside.schema.core.errors import Refused
from airside.server import Server
from psycopg import sql

from .archive_ground import detach, fill, ground, holds, patience, source
from .partition_ground import declaring
from .test_archive_second import cold, cold_database, count, other_server, send, zoo  # noqa: F401 - fixtures


@pytest.fixture
def colder(server: Server) -> Iterator[str]:
    yield from cold_database(server)


def filed(server: Server, zoo: Database, folder: Path) -> Archive:  # noqa: F811
    """The partition goes to files, and stays here detached."""
    there = source(server, zoo)
    detach(server, zoo, there)
    return export_leaf(server, zoo, there, str(folder), patience=patience(), grace=timedelta(0))


def back(server: Server, zoo: Database, line: Archive) -> None:  # noqa: F811
    if line.target == "database":
        bring_back(server, zoo, line, patience=patience())
    else:
        restore(server, zoo, *located(line.location), patience=patience(), sha256=line.manifest_sha256)


def test_a_former_archive_of_a_partition_that_is_here_is_refused(
    server: Server,
    zoo: Database,  # noqa: F811
    tmp_path: Path,
) -> None:
    """Attached by its former number it would have stayed closed to writers, and its last archive open for ever."""
    first = filed(server, zoo, tmp_path)
    back(server, zoo, first)
    fill(server, zoo, 3)
    before = holds(server, zoo)
    second = filed(server, zoo, tmp_path)
    assert first.id != second.id
    with pytest.raises(Refused, match=f"archived again, as #{second.id}"):
        back(server, zoo, first)
    back(server, zoo, second)
    assert holds(server, zoo) == before
    fill(server, zoo, 1)
    with session(server, zoo) as connection:
        assert [line.state for line in archives(connection)] == ["restored", "restored"]


def test_a_second_database_does_not_hide_what_went_to_another_one(
    server: Server,
    zoo: Database,  # noqa: F811
    cold: str,  # noqa: F811
    colder: str,
) -> None:
    """Late rows got a partition of the same name; the foreign table of the former one was dropped to make room."""
    drop_archived(server, zoo, send(server, zoo, cold), patience=patience())
    with session(server, zoo) as connection:
        connection.execute(
            "CREATE TABLE public.zoo_2024_01 PARTITION OF public.zoo"
            " FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2024-02-01 00:00+00')"
        )
    fill(server, zoo, 4)
    everything = count(server, zoo, "airside.zoo_all")
    for url in (cold, colder):
        with pytest.raises(Refused):
            send(server, zoo, url)
        assert count(server, zoo, "airside.zoo_all") == everything
    fill(server, zoo, 1)


def test_rows_that_changed_beside_a_second_database_are_no_work_for_files(
    server: Server,
    zoo: Database,  # noqa: F811
    cold: str,  # noqa: F811
) -> None:
    """They would be copied to files by every run, and refused by the ledger at the end of it."""
    line = send(server, zoo, cold)
    with session(server, zoo) as connection:
        for statement in (
            "ALTER TABLE public.zoo_2024_01 DROP CONSTRAINT IF EXISTS airside_archived",
            "ALTER TABLE public.zoo_2024_01 DISABLE TRIGGER USER",
            "DELETE FROM public.zoo_2024_01 WHERE ctid = (SELECT min(ctid) FROM public.zoo_2024_01)",
        ):
            connection.execute(statement)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="rows came or changed"):
        drop_archived(server, zoo, line, patience=patience())
    policy = RangePartitions(
        "created_at", "month", "zoo_{year}_{month:02}", date(2024, 1, 1), retention=1, at_end="archive"
    )
    with session(server, zoo) as connection:
        assert left_detached(connection, declaring(zoo.name, zoo=policy)) == ()


def test_a_partition_that_a_killed_run_closed_is_opened_by_its_former_number(
    server: Server,
    zoo: Database,  # noqa: F811
    tmp_path: Path,
) -> None:
    """It came back, was detached and fenced once more, and no new archive was made of it."""
    line = filed(server, zoo, tmp_path)
    back(server, zoo, line)
    there = source(server, zoo)
    detach(server, zoo, there)
    with session(server, zoo) as connection:
        fence(connection, there, patience())
    back(server, zoo, line)
    fill(server, zoo, 1)


def test_two_servers_write_to_one_folder(
    server: Server,
    other_server: Server,  # noqa: F811
    zoo: Database,  # noqa: F811
    tmp_path: Path,
) -> None:
    """A clone archives the same partition of the same database while ours is being read back."""
    with other_server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(zoo.name)))
    with ground(other_server, zoo.name, rows=70) as clone:
        there = source(other_server, clone)
        twin: list[Archive] = []

        def meanwhile(progress: Progress) -> None:
            if progress.phase == "reading back" and not twin:
                twin.append(export_leaf(other_server, clone, there, str(tmp_path), patience=patience()))

        line = export_leaf(server, zoo, source(server, zoo), str(tmp_path), patience=patience(), observer=meanwhile)
    for archive in (line, *twin):
        verdict = verify(*located(archive.location), sha256=archive.manifest_sha256)
        assert verdict.problems == ()
    assert [archive.row_count for archive in (line, *twin)] == [500, 70]
    assert not list(tmp_path.rglob("*.tmp"))


@pytest.mark.parametrize("target", ["files", "database"])
def test_a_check_that_the_table_got_since_is_named(
    server: Server,
    zoo: Database,  # noqa: F811
    tmp_path: Path,
    cold: str,  # noqa: F811
    target: str,
) -> None:
    line = filed(server, zoo, tmp_path) if target == "files" else send(server, zoo, cold)
    drop_archived(server, zoo, line, patience=patience())
    with session(server, zoo) as connection:
        connection.execute("ALTER TABLE public.zoo ADD CONSTRAINT only_new CHECK (created_at > '2024-01-20 00:00+00')")
    instead = "--as NAME" if target == "files" else "zoo_cold"
    with pytest.raises(Refused, match=rf"not what the table asks for by now: .*only_new.*{instead}"):
        back(server, zoo, line)
    assert "zoo_2024_01" not in {leaf.name for leaf in leaves(server, zoo)}


def test_a_partition_that_somebody_attached_first_is_no_accident(
    server: Server,
    zoo: Database,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = filed(server, zoo, tmp_path)

    def attached_first(*arguments: object) -> None:
        make_ready(*arguments)  # type: ignore[arg-type]
        with session(server, zoo) as connection:
            connection.execute(
                "ALTER TABLE public.zoo ATTACH PARTITION public.zoo_2024_01"
                " FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2024-02-01 00:00+00')"
            )

    monkeypatch.setattr(module, "make_ready", attached_first)
    with pytest.raises(Refused, match="somebody was faster"):
        back(server, zoo, line)


def leaves(server: Server, zoo: Database) -> tuple[Leaf, ...]:  # noqa: F811
    with session(server, zoo) as connection:
        return next(ladder.leaves for ladder in read_ladders(connection, zoo) if ladder.table == "zoo")


def test_two_runs_that_drop_the_same_partition_agree(
    server: Server,
    zoo: Database,  # noqa: F811
    tmp_path: Path,
) -> None:
    line = filed(server, zoo, tmp_path)
    drop_archived(server, zoo, line, patience=patience())
    drop_archived(server, zoo, line, patience=patience())
    with session(server, zoo) as connection:
        assert [found.state for found in archives(connection)] == ["dropped"]
