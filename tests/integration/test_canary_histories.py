"""The canary over a declared history and over somebody's Alembic project."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.migrations.checks.canary import Load
from airside.migrations.checks.foreign import project_history
from airside.migrations.checks.history import observed_history
from airside.migrations.checks.rows import fill
from airside.migrations.checks.trials import declared_canary, locked, project_canary
from airside.schema.core.registry import load_registry
from airside.server import Server

from .alembic_projects import made, revision

ENTRY = load_registry().one("analytics_service_db")
LOAD = Load(rows=1000, seconds=0.4, variants=("alone",))


def test_a_declared_history_stalls_nobody(server: Server) -> None:
    database = ENTRY.load()
    steps = observed_history(server, ENTRY, database, fill).steps
    trials = [step.revision for step in steps if step.direction == "up" and locked(step)]
    reports = declared_canary(server, ENTRY, database, steps, load=LOAD)
    assert [report.revision for report in reports] == trials
    assert trials
    for report in reports:
        assert report.failure is None
        assert [finding for finding in report.findings if finding.severity == "error"] == []


@pytest.mark.parametrize("only", [None, {"a3"}])
def test_a_project_is_tried_through_its_own_env(server: Server, tmp_path: Path, only: set[str] | None) -> None:
    project = made(
        tmp_path,
        {
            "a1": revision("a1", """
                op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
            """),
            "a2": revision("a2", 'op.add_column("users", sa.Column("email", sa.Text))', after="a1"),
            "a3": revision("a3", """
                op.create_index("by_email", "users", ["email"])
                op.execute("SELECT pg_sleep(0.6)")
            """, after="a2"),
        },
    )  # fmt: skip
    steps = project_history(server, project, back=False).steps
    reports = {report.revision: report for report in project_canary(server, project, steps, revisions=only, load=LOAD)}
    assert reports.keys() == (only or {"a2", "a3"})
    built = reports["a3"]
    assert built.failure is None
    assert built.tables == (("public.users", 1000),)
    [finding] = [finding for finding in built.findings if finding.severity == "error"]
    assert finding.where == steps[-1].file
    assert {row.kind for row in built.rows() if row.waited > 0.3} == {"insert", "update"}


def test_a_revision_that_dies_with_clients_at_work_is_a_finding(server: Server, tmp_path: Path) -> None:
    project = made(
        tmp_path,
        {
            "a1": revision("a1", 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))'),
            "a2": revision("a2", """
                op.execute("LOCK TABLE users IN SHARE UPDATE EXCLUSIVE MODE")
                if op.get_bind().execute(sa.text("SELECT count(*) FROM users")).scalar() > 100:
                    raise RuntimeError("too many")
            """, after="a1"),
        },
    )  # fmt: skip
    steps = project_history(server, project, back=False).steps
    [report] = project_canary(server, project, steps, load=LOAD)
    assert "too many" in (report.failure or "")
    assert ["too many" in finding.message for finding in report.findings] == [True]
