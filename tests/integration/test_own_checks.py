"""The histories that ship pass the gate that they ship with."""

from __future__ import annotations

import pytest
from airside.migrations.check import check
from airside.schema.core.registry import load_registry
from airside.server import Server

from .declared import skip_without_extensions

TARGETS = tuple(entry.target for entry in load_registry().entries)


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_found_but_what_a_comment_allows_with_its_reason(server: Server, target: str) -> None:
    entry = load_registry().one(target)
    database = entry.load()
    skip_without_extensions(server, database)
    report = check(server, entry, database)
    assert [item for item in report.findings if item.severity != "note"] == []
    assert all(item.reason for item in report.allowed)
    assert report.skipped.keys() <= {"checksums"}
    # nothing was passed over
    assert {item.revision for item in report.observed if item.direction == "up"}
    assert not any(item.error for item in report.observed)
