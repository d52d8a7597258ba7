"""Indexes that another index of the table begins with."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.catalog import Catalog
from ..indexes import TableIndex, begins, how_to_drop, indexes
from ..model import Context, Final, FinalRule, Finding

NAME = "prefix-redundant-index"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    for known in indexes(final.catalog).values():
        for short in known:
            longer = [long for long in known if begins(short, long) and not long.invalid]
            if longer and not (short.unique or short.excludes or short.needed or short.invalid):
                yield _finding(final.catalog, short, longer[0])


def _finding(catalog: Catalog, short: TableIndex, long: TableIndex) -> Finding:
    schema, table = short.table
    return Finding(
        NAME,
        str(short.key),
        f"{long.name} begins with the columns of {short.name} and serves its queries, too",
        how_to_drop(catalog, short),
        RULE.severity,
        relation=f"{schema}.{table}",
    )


RULE = FinalRule(NAME, "An index is the beginning of another one of the same table.", judge, "note")
