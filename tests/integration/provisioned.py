"""Databases as `airside provision` makes them, under their own names, on a server of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from airside.cli.parallel import each
from airside.cli.provision import provision_entry
from airside.schema.core.registry import load_registry
from airside.server import Server, ephemeral

from .declared import skip_without_extensions


@contextmanager
def provisioned(cache: Path, *targets: str) -> Iterator[Server]:
    """A server on which the databases of `targets` are provisioned, with partitions and reference data, unmarked.

    Where the server's build lacks an extension that one of them needs the test is skipped.
    """
    registry = load_registry()
    with ephemeral() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRSIDE_CACHE_DIR", str(cache))
        chosen = [entry for target in targets for entry in registry.resolve(target)]
        for entry in chosen:
            skip_without_extensions(server, entry.load())
        for _ in each(provision_entry, server, chosen):
            pass
        yield server
