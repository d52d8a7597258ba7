"""The libraries of the extra `parquet`. They carry no types, hence Any; without them importing this is refused."""

from __future__ import annotations

from importlib import import_module
from typing import Any, TypeAlias

from ...schema.core.errors import EnvironmentProblem


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise EnvironmentProblem(
            f"Parquet archives need {name.partition('.')[0]}", next_step="pip install 'airside[parquet]'"
        ) from None


pa = _library("pyarrow")
pc = _library("pyarrow.compute")
pq = _library("pyarrow.parquet")
csv = _library("pyarrow.csv")
fsspec = _library("fsspec")
adbc = _library("adbc_driver_postgresql.dbapi")

Array: TypeAlias = Any
ArrowType: TypeAlias = Any
Batch: TypeAlias = Any
Schema: TypeAlias = Any
Table: TypeAlias = Any
FileSystem: TypeAlias = Any
