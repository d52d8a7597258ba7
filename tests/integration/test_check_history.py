"""The gate for a declared database, where rows that it made up itself stand in the way, and where revisions fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.migrations.check import check
from airside.migrations.checks.model import Finding
from airside.migrations.checks.report import CheckReport
from airside.migrations.checks.request import Request
from airside.schema.core.database import Database
from airside.server import Server
from sqlalchemy import MetaData

from ..stranger import Project, new_project

PRICES = (
    "CREATE TABLE prices (id int PRIMARY KEY, amount int NOT NULL);\n",
    "-- airside: data-loss table public.prices\nDROP TABLE prices;\n",
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


def checked(
    server: Server, project: Project, *revisions: tuple[str, str], request: Request | None = None
) -> CheckReport:
    project.revisions(dict(enumerate(revisions, start=1)))
    return check(server, project.entry, Database(project.name, metadata=MetaData()), request)


def about(report: CheckReport, check: str) -> list[Finding]:
    return [item for item in report.findings if item.check == check]


def test_rows_that_a_constraint_refuses_are_told_and_the_rest_is_seen(server: Server, project: Project) -> None:
    report = checked(
        server,
        project,
        PRICES,
        (
            "UPDATE prices SET amount = amount;\n"
            "ALTER TABLE prices ADD CONSTRAINT dear CHECK (amount > 100000) NOT VALID;\n"
            "ALTER TABLE prices VALIDATE CONSTRAINT dear;\nCREATE INDEX ix ON prices (amount);\n",
            "DROP INDEX ix;\nALTER TABLE prices DROP CONSTRAINT dear;\n",
        ),
    )
    assert [item.severity for item in about(report, "rows-refused")] == ["note"]
    assert about(report, "statement-fails") == []
    assert [item.where.rpartition(":")[2] for item in about(report, "index-not-concurrent")] == ["4"]
    updates = [item for item in report.observed if item.statement.startswith("UPDATE")]
    # seen with rows, although the revision ran to its end only without
    assert [seen.written for item in updates for seen in item.seen if seen.relation == "public.prices"] == [3]


def test_a_partition_of_its_own_takes_the_place_of_those_made_up(server: Server, project: Project) -> None:
    report = checked(
        server,
        project,
        (
            "CREATE TABLE events (id int NOT NULL, at timestamptz NOT NULL) PARTITION BY RANGE (at);\n",
            "-- airside: data-loss table public.events\nDROP TABLE events;\n",
        ),
        (
            "CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');\n",
            "-- airside: data-loss table public.events_2026\nDROP TABLE events_2026;\n",
        ),
    )
    assert about(report, "statement-fails") == []
    assert about(report, "downgrade") == []
    assert "downgrade" not in report.skipped


def test_a_revision_that_fails_keeps_what_was_seen_before(server: Server, project: Project) -> None:
    report = checked(
        server,
        project,
        PRICES,
        ("CREATE INDEX ix ON prices (amount);\n", "DROP INDEX ix;\n"),
        ("ALTER TABLE nowhere ADD COLUMN a int;\n", "SELECT 1;\n"),
    )
    failed = about(report, "statement-fails")
    assert [(item.revision, item.where.rpartition("/")[2]) for item in failed] == [("0003", "0003_step.up.sql:1")]
    assert len(about(report, "index-not-concurrent")) == 1
    assert report.skipped["declarations"] == "the migrations do not run to their end"


def test_only_revisions_in_scope_are_judged(server: Server, project: Project) -> None:
    revisions = (
        PRICES,
        ("CREATE INDEX ix ON prices (amount);\n", "DROP INDEX ix;\n"),
        ("CREATE INDEX iy ON prices (amount, id);\n", "DROP INDEX iy;\n"),
    )
    report = checked(server, project, *revisions, request=Request(since="0002"))
    assert [item.revision for item in about(report, "index-not-concurrent")] == ["0003"]
    assert {item.revision for item in report.observed} == {"0003"}
    assert (report.revisions, report.judged) == (3, 1)
