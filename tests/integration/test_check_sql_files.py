"""Plain SQL files as other tools write them, and what they may do to the sessions around them."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.migrations.check_files import check_files
from airside.migrations.checks.report import CheckReport
from airside.migrations.checks.request import SqlFiles
from airside.server import Server
from psycopg.rows import tuple_row

MIGRATION = "SET lock_timeout = '2s';\nALTER TABLE public.notes ADD COLUMN tag text;\n"


def checked(server: Server, folder: Path, migration: str, schema: str) -> CheckReport:
    (folder / "m.sql").write_text(migration)
    (folder / "s.sql").write_text(schema)
    return check_files(server, SqlFiles.read((folder / "m.sql",), folder / "s.sql"))


def loud(report: CheckReport) -> list[str]:
    return [item.check for item in report.findings if item.severity != "note"]


def test_a_dump_with_the_lines_that_psql_alone_reads_is_a_schema(server: Server, tmp_path: Path) -> None:
    schema = (
        "\\restrict x1\nSET row_security = off;\nCREATE TABLE public.notes (id int PRIMARY KEY);\n\\unrestrict x1\n"
    )
    report = checked(server, tmp_path, MIGRATION, schema)
    assert report.revisions == 1
    assert loud(report) == []


def test_roles_that_files_name_are_there_for_the_run_alone(server: Server, tmp_path: Path) -> None:
    if not server.throw_away:
        pytest.skip("roles are made on a throw-away server alone")
    schema = "CREATE TABLE public.notes (id int PRIMARY KEY); GRANT SELECT ON public.notes TO check_reader;"
    report = checked(server, tmp_path, MIGRATION + 'GRANT INSERT ON public.notes TO "Check Writer";', schema)
    assert loud(report) == []
    with server.connect(row_factory=tuple_row) as connection:
        rows = connection.execute("SELECT rolname FROM pg_roles WHERE rolname IN ('check_reader', 'Check Writer')")
        assert rows.fetchall() == []


def test_a_file_that_ends_every_other_session_is_told_and_does_not_end_the_check(
    server: Server, tmp_path: Path
) -> None:
    report = checked(
        server,
        tmp_path,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid();",
        "CREATE TABLE notes (id int PRIMARY KEY);",
    )
    assert loud(report) == ["terminate-sessions"]


def test_an_extension_that_the_server_lacks_is_no_fault_of_the_file(server: Server, tmp_path: Path) -> None:
    report = checked(
        server, tmp_path, "CREATE EXTENSION no_such_extension;", "CREATE TABLE notes (id int PRIMARY KEY);"
    )
    assert [(item.check, item.severity) for item in report.findings] == [("statement-fails", "warning")]
    assert "--url" in report.findings[0].next_step
