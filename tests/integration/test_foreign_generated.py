"""A long history of somebody's project, checked without editing it: 60 revisions, or 300 with --soak."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.migrations.checks.effects import Lock
from airside.migrations.checks.foreign import project_history
from airside.server import Server

from .alembic_projects import generated


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    soak = bool(metafunc.config.getoption("--soak"))
    metafunc.parametrize("count", [pytest.param(300, marks=pytest.mark.soak) if soak else 60])


def test_every_revision_of_a_long_history_is_seen_both_ways(server: Server, tmp_path: Path, count: int) -> None:
    outcome = project_history(server, generated(tmp_path, count))
    assert outcome.problems == []
    names = [f"r{number:04d}" for number in range(count)]
    assert [step.revision for step in outcome.steps] == names + names[::-1]
    up = {step.revision: step for step in outcome.steps if step.direction == "up"}
    last = names[-1]
    assert [effect.strongest() for effect in up[last].effects] == [Lock.ACCESS_EXCLUSIVE]
    # the rows of the UPDATE four lines above it, and the line where it is called
    written = up[names[-2]].effects[0]
    assert sum(item.written for item in written.touched) == 3
    assert written.where.endswith(f"{names[-2]}.py:12")
    assert outcome.steps[-1].after.fingerprint == outcome.steps[0].before.fingerprint
