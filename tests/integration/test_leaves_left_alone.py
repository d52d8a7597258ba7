"""Migrations never propose to touch a partition: not one that is attached, on its way in or out, or in an archive."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import airside.migrations as airside_migrations
import psycopg
import pytest
from airside.migrations.drift import drift
from airside.migrations.provision import provision
from airside.partitions.run import expire, roll
from airside.partitions.state import Ladder, read_ladders
from airside.schema.core.errors import LockNotAcquired
from airside.schema.core.locks import LockBudget
from airside.schema.core.partitioning import floor, step
from airside.schema.core.patience import Patience
from airside.server import Server
from psycopg import sql

from ..stranger import Project, new_project

Airside = Callable[..., "subprocess.CompletedProcess[str]"]
NOW = datetime.now(UTC)
DECLARED = """

from datetime import date, datetime

from airside.schema.core import RangePartitions, partitioned
from sqlalchemy import Column, DateTime, Index, Table, text

CALLS = RangePartitions(
    "at",
    "month",
    "calls_{{year}}_{{month:02}}",
    start=date({start:%Y, %-m, %-d}),
    ahead=2,
    retention=2,
    at_end="detach",
)
KEPT = RangePartitions("at", "month", "kept_{{year}}_{{month:02}}", start=date({later:%Y, %-m, %-d}))


class Call(Base):
    \"\"\"A call of a customer.\"\"\"

    __tablename__ = "calls"
    __table_args__ = (
        Index(None, "note"),
        {{"postgresql_partition_by": CALLS.clause, "info": partitioned(CALLS)}},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    note: Mapped[str] = mapped_column(server_default=text("'none'"))


Table(
    "kept_calls",
    Base.metadata,
    Column("id", primary_key=True, type_=Call.__table__.c.id.type),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("customer_id", nullable=False, type_=Call.__table__.c.id.type),
    Column("note", Call.__table__.c.note.type, server_default=text("'none'"), nullable=False),
    Index(None, "note"),
    postgresql_partition_by=KEPT.clause,
    info=partitioned(KEPT),
)
"""


@dataclass(frozen=True)
class Calls:
    """A provisioned project with calls by month, five months back; two are kept, so three are past their time."""

    project: Project
    server: Server
    connection: psycopg.Connection[Any]

    def differences(self) -> list[str]:
        entry = self.project.entry
        return [str(change) for change in drift(self.server, entry, entry.load()).changes]

    @property
    def ladder(self) -> Ladder:
        return next(found for found in read_ladders(self.connection) if found.table == "calls")

    def maintain(self, work: Callable[..., Any], **more: Any) -> Any:
        patience = Patience(LockBudget(0.05, 0.5))
        return work(self.connection, self.project.entry.load(), patience=patience, **more)

    def plain_tables(self) -> list[str]:
        rows = self.connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND NOT relispartition AND relname LIKE 'calls%' ORDER BY relname"
        ).fetchall()
        return [str(name) for (name,) in rows]


def month(number: int) -> str:
    return f"calls_{step(floor(NOW, 'month'), 'month', number):%Y_%m}"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, airside: Airside) -> Project:
    """The declaration and the revision that makes it."""
    made = new_project(tmp_path_factory.mktemp("calls"))
    this = floor(NOW, "month")
    made.declare(DECLARED.format(start=step(this, "month", -5), later=step(this, "month", 1)))
    airside("revision", made.name, "-m", "Create everything", cwd=made.folder)
    return made


@pytest.fixture
def calls(project: Project, server: Server) -> Iterator[Calls]:
    entry = project.entry
    database = entry.load()
    provision(server, entry, database, project.session(server))
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(database.roles.owner)))
        # what is past its time was made when it was not
        for number in (-5, -2):
            moment = step(floor(NOW, "month"), "month", number)
            roll(connection, database, patience=Patience(), now=moment)
        found = Calls(project, server, connection)
        found.maintain(roll)
        yield found
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(project.name)))
        for role in database.roles.names():
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def test_partitions_of_now_and_of_the_future_are_no_difference(calls: Calls) -> None:
    assert {month(number) for number in range(-5, 3)} <= {leaf.name for leaf in calls.ladder.leaves}
    assert calls.differences() == []
    calls.maintain(roll, span=(NOW, NOW + timedelta(days=400)))
    assert calls.differences() == []


def test_partitions_that_were_detached_are_no_difference_until_they_are_dropped(calls: Calls) -> None:
    calls.maintain(expire)
    assert calls.plain_tables() == [month(-5), month(-4), month(-3)]
    assert calls.differences() == []
    calls.connection.execute(f"COMMENT ON TABLE {month(-4)} IS 'last looked at by hand'".encode())
    calls.connection.execute(f"CREATE INDEX ON {month(-4)} (customer_id)".encode())
    assert calls.differences() == []
    calls.connection.execute(f"DROP TABLE {month(-4)}".encode())
    assert calls.differences() == []


def test_a_detach_that_is_not_finished_is_no_difference(calls: Calls) -> None:
    with calls.server.connect(calls.project.name) as reader:
        # an old snapshot keeps the detach from ending, and the budget is short
        reader.execute("SELECT count(*) FROM calls")
        failed = calls.maintain(expire).failed
        assert failed
        assert isinstance(failed[0].error, LockNotAcquired)
        assert [leaf.name for leaf in calls.ladder.pending] == [month(-5)]
        assert calls.differences() == []
    calls.maintain(expire)
    assert not calls.ladder.pending
    assert calls.differences() == []


def test_a_detach_that_somebody_else_began_is_one(calls: Calls) -> None:
    with calls.server.connect(calls.project.name) as reader:
        reader.execute("SELECT count(*) FROM calls")
        calls.connection.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            calls.connection.execute(f"ALTER TABLE calls DETACH PARTITION {month(-5)} CONCURRENTLY".encode())
        assert [leaf.name for leaf in calls.ladder.pending] == [month(-5)]
        (difference,) = calls.differences()
        assert month(-5) in difference


def test_a_table_that_a_killed_run_left_unattached_is_no_difference(calls: Calls) -> None:
    with calls.server.connect(calls.project.name) as other:
        # nothing is attached while this is held
        other.execute("LOCK TABLE calls IN SHARE UPDATE EXCLUSIVE MODE")
        calls.maintain(roll, span=(NOW + timedelta(days=100), NOW + timedelta(days=101)))
    (left,) = calls.plain_tables()
    assert left not in {leaf.name for leaf in calls.ladder.leaves}
    assert calls.differences() == []


def test_partitions_of_an_archive_table_are_no_difference(calls: Calls) -> None:
    calls.maintain(expire)
    lower = step(floor(NOW, "month"), "month", -5)
    calls.connection.execute(
        sql.SQL("ALTER TABLE kept_calls ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(
            sql.Identifier(month(-5)), sql.Literal(lower), sql.Literal(step(lower, "month", 1))
        )
    )
    assert calls.differences() == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER TABLE {leaf} ALTER COLUMN note SET DEFAULT 'other'", "default"),
        ("ALTER TABLE {leaf} SET UNLOGGED", "UNLOGGED"),
        ("ALTER TABLE {leaf} OWNER TO CURRENT_USER", "owner"),
    ],
)
def test_a_partition_that_disagrees_with_its_parent_is_one(calls: Calls, statement: str, words: str) -> None:
    assert calls.differences() == []
    calls.connection.execute("RESET ROLE")
    calls.connection.execute(statement.format(leaf=month(0)).encode())
    entry = calls.project.entry
    (change,) = drift(calls.server, entry, entry.load()).changes
    assert (change.key.kind, change.key.identity) == ("partition", ("public", month(0)))
    assert f"partition public.{month(0)} disagrees with its parent: " in str(change)
    assert words in str(change)


def test_a_plain_table_of_the_same_kind_of_name_is_one(calls: Calls) -> None:
    calls.maintain(expire)
    calls.connection.execute("CREATE TABLE calls_2001_01 (id int)")
    assert any("calls_2001_01" in difference for difference in calls.differences())
    calls.connection.execute(f"DROP TABLE calls_2001_01, {month(-5)}".encode())
    # a new table under the name of one that was detached and dropped
    calls.connection.execute(f"CREATE TABLE {month(-5)} (id int)".encode())
    assert any(month(-5) in difference for difference in calls.differences())


def test_revision_check_and_plain_alembic_have_nothing_to_do(
    calls: Calls, airside: Airside, environment: dict[str, str]
) -> None:
    calls.maintain(expire)
    folder = calls.project.folder
    (folder / "alembic.ini").write_text(
        f"[{calls.project.name}]\nscript_location = {Path(airside_migrations.__file__).parent}\n"
        "version_locations = %(here)s/migrations\npath_separator = newline\n"
    )
    files = set(calls.project.migrations.rglob("*.py"))

    assert "nothing to write" in airside("revision", calls.project.name, "-m", "again", cwd=folder).stdout
    airside("check", calls.project.name, cwd=folder)
    assert "no drift" in airside("drift", calls.project.name, cwd=folder).stdout

    def alembic(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "alembic", "-n", calls.project.name, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    checked = alembic("check")
    assert (checked.returncode, "No new upgrade operations" in checked.stdout) == (0, True), checked.stderr
    calls.connection.execute("ALTER TABLE calls ADD COLUMN extra int")
    checked = alembic("check")
    assert "public.calls.extra" in checked.stdout + checked.stderr
    calls.connection.execute("ALTER TABLE calls DROP COLUMN extra")

    drafted = alembic("revision", "--autogenerate", "-m", "again")
    assert drafted.returncode == 0, drafted.stderr
    (written,) = {path for path in calls.project.migrations.rglob("*.py") if path.is_file()} - files
    assert "calls" not in written.read_text()
    written.unlink()
