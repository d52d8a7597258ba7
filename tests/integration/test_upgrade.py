"""What `upgrade` promises: one runner at a time, short waits, nothing half-done, nothing lost."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from airside.migrations import ledger
from airside.migrations.provision import provision
from airside.migrations.runner import applied_revision, current, downgrade, stamp, upgrade
from airside.migrations.session import Event, Session, StepDone, Waiting
from airside.schema.core.errors import (
    ChecksumMismatch,
    DataLossRefused,
    DeclarationError,
    LockNotAcquired,
    MultipleHeads,
    RevisionVanished,
    StatementFailed,
    UnknownRevision,
)
from airside.schema.core.locks import LockBudget
from airside.server import Server
from psycopg import sql

from ..stranger import Project, new_project

CREATE = (
    "CREATE TABLE notes (id int PRIMARY KEY, body text);\n",
    "-- airside: data-loss table public.notes\nDROP TABLE notes;\n",
)
ADD = (
    "ALTER TABLE notes ADD COLUMN tag text;\n",
    "-- airside: data-loss column public.notes.tag\nALTER TABLE notes DROP COLUMN tag;\n",
)
INDEX = (
    "-- airside: transaction = off\nCREATE INDEX CONCURRENTLY IF NOT EXISTS notes_tag_idx ON notes (tag);\n",
    "-- airside: transaction = off\nDROP INDEX CONCURRENTLY IF EXISTS notes_tag_idx;\n",
)


@pytest.fixture
def project(tmp_path: Path, server: Server) -> Iterator[Project]:
    made = new_project(tmp_path)
    made.revisions({1: CREATE, 2: ADD, 3: INDEX})
    yield made
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(made.name)))
        for role in ("owner", "app", "readonly"):
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{made.name}_{role}")))


def provisioned(server: Server, project: Project, revision: str | None = None) -> Session:
    session = project.session(server)
    if revision is None:
        provision(server, session.entry, session.entry.load(), session)
        return session
    kept = {path: path.read_text() for path in project.migrations.iterdir() if path.name[:4] > revision}
    for path in kept:
        path.unlink()
    provision(server, session.entry, session.entry.load(), session)
    for path, text in kept.items():
        path.write_text(text)
    return session


def recorded(server: Server, project: Project) -> list[tuple[str, str]]:
    with server.connect(project.name) as connection:
        return [(entry.revision, entry.direction) for entry in ledger.entries(connection)]


def test_every_revision_is_recorded_in_its_own_transaction(server: Server, project: Project) -> None:
    provisioned(server, project)
    with server.connect(project.name) as connection:
        lines = ledger.entries(connection)
        assert applied_revision(connection) == "0003"
    assert [(line.revision, line.direction) for line in lines] == [("0001", "up"), ("0002", "up"), ("0003", "up")]
    assert [line.fingerprint is not None for line in lines] == [False, False, True]
    assert {line.applied_by for line in lines} == {lines[0].applied_by}


def test_up_and_down_again(server: Server, project: Project) -> None:
    session = provisioned(server, project)
    downgrade(session, "base")
    assert current(server, project.entry).revision is None
    upgrade(session)
    assert recorded(server, project)[3:] == [
        ("0003", "down"), ("0002", "down"), ("0001", "down"), ("0001", "up"), ("0002", "up"), ("0003", "up"),
    ]  # fmt: skip


def test_a_failing_statement_undoes_its_revision_and_is_named(server: Server, project: Project) -> None:
    project.revision(4, "ALTER TABLE notes ADD COLUMN a int;\nALTER TABLE nowhere ADD COLUMN b int;\n", "SELECT 1;\n")
    with pytest.raises(StatementFailed, match=r"0004_step\.up\.sql:2: .*nowhere.*42P01"):
        provisioned(server, project)
    assert current(server, project.entry).revision == "0003"
    with server.connect(project.name) as connection:
        columns = connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'notes'::regclass AND attnum > 0"
        ).fetchall()
    assert [name for (name,) in columns] == ["id", "body", "tag"]


def test_percent_signs_and_colons_pass_untouched(server: Server, project: Project) -> None:
    project.revision(4, "INSERT INTO notes VALUES (1, '100% :of' || ' x'::text);\n", "DELETE FROM notes;\n")
    provisioned(server, project)
    with server.connect(project.name) as connection:
        assert connection.execute("SELECT body FROM notes").fetchone() == ("100% :of x",)


@pytest.mark.parametrize(
    ("insert", "target", "name"),
    [
        ("INSERT INTO notes VALUES (1)", "base", "public.notes"),
        ("INSERT INTO notes VALUES (1, 'x', 'y')", "0001", "public.notes.tag"),
    ],
)
def test_what_would_be_lost_is_refused_by_name_and_allowed_by_name(
    server: Server, project: Project, insert: str, target: str, name: str
) -> None:
    session = provisioned(server, project)
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute(insert.encode())
    with pytest.raises(DataLossRefused, match=f"--allow-data-loss {name}"):
        downgrade(session, target)
    downgrade(project.session(server, allow_data_loss=frozenset({name})), target)
    assert current(server, project.entry).revision == (None if target == "base" else target)


def test_a_forced_policy_does_not_hide_rows_from_the_refusal(server: Server, project: Project) -> None:
    session = provisioned(server, project)
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute("INSERT INTO notes VALUES (1)")
        connection.execute("ALTER TABLE notes ENABLE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE notes FORCE ROW LEVEL SECURITY")
    with pytest.raises(DataLossRefused):
        downgrade(session, "base")


def test_empty_columns_and_tables_are_dropped_without_asking(server: Server, project: Project) -> None:
    session = provisioned(server, project)
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute("INSERT INTO notes VALUES (1)")
    downgrade(session, "0001")
    assert current(server, project.entry).revision == "0001"


def test_an_invalid_index_of_an_earlier_run_is_built_again(server: Server, project: Project) -> None:
    session = provisioned(server, project, "0002")
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute("INSERT INTO notes VALUES (1, 'x', 'y'), (2, 'x', 'y')")
        with suppress(psycopg.errors.UniqueViolation):
            connection.execute("CREATE UNIQUE INDEX CONCURRENTLY notes_tag_idx ON notes (tag)")
        assert invalid_indexes(connection) == ["notes_tag_idx"]
    upgrade(session)
    with server.connect(project.name) as connection:
        assert invalid_indexes(connection) == []
        assert connection.execute(
            "SELECT indisunique FROM pg_index WHERE indexrelid = 'notes_tag_idx'::regclass"
        ).fetchone() == (False,)


def invalid_indexes(connection: psycopg.Connection[tuple[object, ...]]) -> list[object]:
    rows = connection.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid").fetchall()
    return [name for (name,) in rows]


def test_an_edited_file_stops_the_upgrade(server: Server, project: Project) -> None:
    session = provisioned(server, project)
    file = project.migrations / "0002_step.up.sql"
    file.write_text(file.read_text() + "\n-- edited\n")
    project.revision(4, "CREATE TABLE more (id int);\n", "DROP TABLE more;\n")
    with pytest.raises(ChecksumMismatch, match=r"0002_step\.up\.sql: revision 0002 was edited"):
        upgrade(session)
    assert current(server, project.entry).revision == "0003"
    stamp(session, "0003")
    upgrade(session)
    assert current(server, project.entry).at_head


def test_line_ends_are_no_edit(server: Server, project: Project) -> None:
    session = provisioned(server, project)
    file = project.migrations / "0001_step.up.sql"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    upgrade(session)


@pytest.mark.parametrize("removed", ["0003", "0002"])
def test_a_removed_file_stops_the_upgrade(server: Server, project: Project, removed: str) -> None:
    session = provisioned(server, project)
    for path in project.migrations.glob(f"{removed}_*"):
        path.unlink()
    with pytest.raises(RevisionVanished, match=removed):
        upgrade(session)


def test_two_heads_stop_the_upgrade(server: Server, project: Project) -> None:
    session = provisioned(server, project)
    project.revision(4, "SELECT 1;\n", "SELECT 1;\n")
    project.revision(5, "SELECT 1;\n", "SELECT 1;\n", parent=3)
    with pytest.raises(MultipleHeads, match="0004, 0005"):
        upgrade(session)


def test_an_unknown_revision(server: Server, project: Project) -> None:
    session = provisioned(server, project)
    with pytest.raises(UnknownRevision, match="nonsense"):
        upgrade(session, "nonsense")


def test_two_upgrades_at_once_run_each_revision_once(server: Server, project: Project) -> None:
    provisioned(server, project, "0001")
    # Alembic's `op` and `context` belong to the process, so two runs at once are two processes
    command = [sys.executable, "-m", "airside.cli", "upgrade", project.name]
    environment = {"AIRSIDE_URL": server.url("postgres", show_password=True), "PATH": ""}
    runs = [
        subprocess.Popen(command, cwd=project.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(2)
    ]
    outputs = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], outputs
    assert recorded(server, project) == [("0001", "up"), ("0002", "up"), ("0003", "up")]


def test_a_reader_in_the_way_is_named_and_nobody_waits_for_long(server: Server, project: Project) -> None:
    session = provisioned(server, project, "0001")
    events: list[Event] = []
    session.observer = events.append
    reader = server.connect(project.name, application_name="monthly report")
    reader.execute("SELECT count(*) FROM notes")
    pid = reader.info.backend_pid
    stop = threading.Event()
    longest: list[float] = [0.0]

    def bystander() -> None:
        with server.connect(project.name, autocommit=True) as connection:
            while not stop.is_set():
                began = time.monotonic()
                connection.execute("SELECT count(*) FROM notes")
                longest[0] = max(longest[0], time.monotonic() - began)
                time.sleep(0.002)

    others = threading.Thread(target=bystander)
    others.start()
    release = threading.Timer(2.0, reader.rollback)
    release.start()
    before = session.waits.attempts
    try:
        upgrade(session)
    finally:
        stop.set()
        others.join()
        release.join()
        reader.close()
    waits = [event for event in events if isinstance(event, Waiting)]
    seen = [blocker for event in waits for blocker in event.blockers]
    assert any(blocker.application == "monthly report" and blocker.pid == pid for blocker in seen)
    assert [event.revision for event in events if isinstance(event, StepDone)] == ["0002", "0003"]
    # the lock timeout is 0.2 s; a busy machine adds to it
    assert longest[0] < 0.4
    assert session.waits.in_vain == len(waits)
    assert session.waits.attempts - before == len(waits) + 1
    assert 0.15 < session.waits.longest < 1


def test_a_lock_that_never_comes_ends_at_the_deadline_and_names_the_blocker(server: Server, project: Project) -> None:
    session = provisioned(server, project, "0001")
    session.budget = LockBudget(0.1, 1.5)
    with server.connect(project.name, application_name="forgotten psql") as reader:
        reader.execute("SELECT count(*) FROM notes")
        with pytest.raises(LockNotAcquired, match="forgotten psql"):
            upgrade(session)
    upgrade(session)
    assert current(server, project.entry).at_head


def test_a_failed_unique_build_leaves_no_invalid_index(server: Server, project: Project) -> None:
    session = provisioned(server, project)
    project.revision(
        4,
        "-- airside: transaction = off\n"
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS notes_body_key ON notes (body);\n",
        "-- airside: transaction = off\nDROP INDEX CONCURRENTLY IF EXISTS notes_body_key;\n",
    )
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute("INSERT INTO notes VALUES (1, 'twice'), (2, 'twice')")
        with pytest.raises(StatementFailed) as failed:
            upgrade(session)
        assert "twice" not in str(failed.value)
        assert "rolled back" not in str(failed.value)
        assert "rows" in (failed.value.next_step or "")
        assert not connection.execute("SELECT FROM pg_index WHERE NOT indisvalid").fetchall()
        connection.execute("DELETE FROM notes WHERE id = 2")
        upgrade(session)
        assert connection.execute("SELECT to_regclass('notes_body_key')::text").fetchone() == ("notes_body_key",)


def test_settings_and_role_of_one_file_are_not_those_of_the_next(server: Server, project: Project) -> None:
    session = provisioned(server, project)
    project.revision(4, "CREATE SCHEMA shop; SET search_path = shop; SET ROLE NONE;\n", "DROP SCHEMA shop;\n")
    project.revision(5, "CREATE TABLE here ();\n", "DROP TABLE here;\n")
    upgrade(session)
    with server.connect(project.name) as connection:
        (place,) = connection.execute(
            "SELECT schemaname || ' ' || tableowner FROM pg_tables WHERE tablename = 'here'"
        ).fetchone() or ("",)
    assert place == f"public {session.roles.owner}"


@pytest.mark.parametrize("word", ["COMMIT", "ROLLBACK", "BEGIN"])
def test_a_file_does_not_end_the_transaction(server: Server, project: Project, word: str) -> None:
    session = provisioned(server, project)
    project.revision(4, f"CREATE TABLE half ();\n{word};\nSELECT 1 / 0;\n", "SELECT 1;\n")
    with pytest.raises(DeclarationError) as refused:
        upgrade(session)
    assert (refused.value.where or "").endswith("0004_step.up.sql:2")
    with server.connect(project.name) as connection:
        assert connection.execute("SELECT to_regclass('half')").fetchone() == (None,)


def test_two_revisions_of_one_name_stop_the_upgrade(server: Server, project: Project) -> None:
    session = provisioned(server, project)
    project.revision(4, "CREATE TABLE ours ();\n", "DROP TABLE ours;\n", message="ours")
    project.revision(4, "CREATE TABLE theirs ();\n", "DROP TABLE theirs;\n", message="theirs")
    project.revision(5, "CREATE TABLE later ();\n", "DROP TABLE later;\n", message="later")
    with pytest.raises(MultipleHeads) as refused:
        upgrade(session)
    assert "0004" in refused.value.what
    with pytest.raises(MultipleHeads):
        current(server, session.entry)


def test_a_revision_that_was_stamped_away_may_vanish(server: Server, project: Project) -> None:
    session = provisioned(server, project)
    downgrade(session, "0002")
    upgrade(session)
    stamp(session, "0002")
    for path in project.migrations.glob("0003_*"):
        path.unlink()
    upgrade(session)


def test_an_attribute_of_a_type_in_use_is_not_dropped_unasked(server: Server, project: Project) -> None:
    project.revision(
        4,
        "CREATE TYPE spot AS (x int, y int);\nCREATE TABLE places (id int, at spot, past spot[]);\n",
        "DROP TABLE places;\nDROP TYPE spot;\n",
    )
    session = provisioned(server, project)
    drop = "-- airside: data-loss attribute public.spot.y\nALTER TYPE spot DROP ATTRIBUTE y CASCADE;\n"
    project.revision(5, drop, "ALTER TYPE spot ADD ATTRIBUTE y int;\n")
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute("INSERT INTO places VALUES (1, NULL, ARRAY[ROW(1, 2)::spot])")
    with pytest.raises(DataLossRefused, match=r"attribute public\.spot\.y still holds values"):
        upgrade(session)
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute("UPDATE places SET past = NULL")
    upgrade(session)
    assert current(server, project.entry).revision == "0005"


@pytest.mark.parametrize(
    ("change", "narrows"),
    [
        ("ALTER COLUMN body TYPE varchar(3)", True),
        ("ALTER COLUMN body TYPE varchar", False),
        ("ALTER COLUMN id TYPE smallint", True),
        ("ALTER COLUMN id TYPE bigint", False),
        ("ALTER COLUMN id TYPE numeric(12, 2)", False),
        ("ALTER COLUMN id TYPE numeric(6, 2)", True),
        ("ALTER COLUMN tag TYPE date USING tag::date", False),
    ],
)
def test_a_narrower_type_is_refused_without_a_mark_where_there_are_values(
    server: Server, project: Project, change: str, narrows: bool
) -> None:
    session = provisioned(server, project)
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute("INSERT INTO notes VALUES (1, 'abc')")
    project.revision(4, f"ALTER TABLE notes {change};\n", "SELECT 1;\n")
    if narrows:
        with pytest.raises(DataLossRefused, match=r"narrowing public\.notes"):
            upgrade(session)
    else:
        upgrade(session)
