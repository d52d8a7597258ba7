"""The PostgreSQL at hand does what docs/effects.json holds for its version."""

from __future__ import annotations

import pytest
from airside.server import Server

from ..unit.test_effects_page import generator


def test_statements_do_what_was_written_down(server: Server) -> None:
    version = str(server.major)
    recorded = {form: seen[version] for form, seen in generator().recorded().items() if version in seen}
    if not recorded:
        pytest.skip(f"nothing was written down for PostgreSQL {version}")
    assert generator().observe(server) == recorded
