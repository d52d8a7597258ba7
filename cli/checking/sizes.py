"""`--write-stats`: the sizes of tables, read once where they are known, into a file that CI reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..context import entries
from ..output import line
from ..reports.words import count

if TYPE_CHECKING:
    from pathlib import Path

    from .asked import Asked


def write_sizes(asked: Asked, file: Path) -> None:
    """Read the sizes of each database that is meant from --stats-from, and write them. Raises what reading raises."""
    from ...migrations.checks.statistics import read_statistics, write_statistics
    from ...server import resolve

    source = asked.stats_from or ""
    names = [entry.name for target in asked.targets if not asked.sql for entry in entries(target)]
    for name in names or [resolve(source).maintenance]:
        statistics = read_statistics(source, name)
        write_statistics(file, name, statistics)
        tables = count(sum(item.sequence is None for item in statistics.values()), "table")
        line(f"{name}: sizes of {tables} -> {file}")
