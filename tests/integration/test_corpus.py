"""Every case of the corpus on the session's server: unsafe ones are found, safe ones pass."""

from __future__ import annotations

import pytest
from airside.server import Server

from .corpus import Case, cases, complaint, judged


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_an_unsafe_migration_is_found_and_a_safe_one_passes(server: Server, case: Case) -> None:
    if not case.runs_on(server.major):
        pytest.skip(f"not for PostgreSQL {server.major}")
    assert complaint(case, judged(server, case)) is None
