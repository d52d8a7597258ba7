"""Statistics that are those of another database."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Context, Final, FinalRule, Finding

NAME = "statistics-mismatch"
_EXPECTED = 1 / 3
"""The least share of tables that statistics know; the others may be too new for them."""


def judge(final: Final, context: Context) -> Iterator[Finding]:
    tables = {".".join(key.identity) for key in final.catalog if key.kind == "table"}
    known = tables & context.statistics.keys()
    if context.statistics and len(known) < _EXPECTED * len(tables):
        yield Finding(
            NAME,
            "statistics",
            f"the statistics know {len(known)} of {len(tables)} tables: they may be those of another database, and no"
            " severity was graded for the others",
            "name the right database in --stats-from, or write the file again",
            RULE.severity,
        )


RULE = FinalRule(NAME, "The given statistics know few of the tables.", judge)
