"""What a cached replay depends on."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.migrations import cache
from airside.schema.core import catalog


def test_another_reader_of_catalogs_is_another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache._reader()
    (tmp_path / "inspect.py").write_text("# another one")
    monkeypatch.setattr(catalog, "__file__", str(tmp_path / "__init__.py"))
    cache._reader.cache_clear()
    try:
        assert cache._reader() != before
    finally:
        cache._reader.cache_clear()
