"""A declared history as the checks see it: every revision, both ways, statement by statement."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import psycopg
import pytest
from airside.migrations.checks.effects import Lock
from airside.migrations.checks.history import observed_history
from airside.migrations.checks.model import Step
from airside.migrations.runner import history
from airside.schema.core.registry import load_registry
from airside.server import Server

ENTRY = load_registry().one("analytics_service_db")


@pytest.fixture(scope="module")
def filled() -> list[int]:
    return []


@pytest.fixture(scope="module")
def steps(server: Server, filled: list[int]) -> tuple[Step, ...]:
    def fill(connection: psycopg.Connection[Any]) -> dict[str, str]:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        filled.append(row[0] if row else -1)
        return {}

    walked = observed_history(server, ENTRY, ENTRY.load(), fill)
    assert walked.failure is None
    return walked.steps


def test_every_revision_is_seen_up_and_then_down(steps: tuple[Step, ...]) -> None:
    revisions = [script.revision for script in history(ENTRY)]
    assert [(step.revision, step.direction) for step in steps] == [
        *((revision, "up") for revision in sorted(revisions)),
        *((revision, "down") for revision in sorted(revisions, reverse=True)),
    ]


def test_each_step_begins_where_the_one_before_ended(steps: tuple[Step, ...]) -> None:
    for earlier, later in pairwise(steps):
        assert earlier.after.fingerprint == later.before.fingerprint


def test_a_statement_has_its_file_and_line(steps: tuple[Step, ...]) -> None:
    effects = [effect for step in steps for effect in step.effects]
    assert effects
    assert all(effect.where.rpartition(":")[0].endswith(f".{effect.direction}.sql") for effect in effects)
    assert not any("alembic_version" in effect.sql or "pg_class" in effect.sql for effect in effects)


def test_a_file_outside_a_transaction_shows_weak_locks(steps: tuple[Step, ...]) -> None:
    built = [effect for step in steps for effect in step.effects if "CREATE UNIQUE INDEX CONCURRENTLY" in effect.sql]
    assert built
    for effect in built:
        assert not effect.transactional
        assert effect.strongest() == Lock.SHARE_UPDATE_EXCLUSIVE


def test_rows_are_asked_for_before_every_revision(steps: tuple[Step, ...], filled: list[int]) -> None:
    with_statements = [step for step in steps if step.effects]
    assert len(filled) == len(with_statements)
    assert filled[0] == 0
    assert max(filled) > 0
