"""Two indexes of a table that serve the same queries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ....schema.core.catalog import Catalog
from ....schema.core.quote import qualified
from ..indexes import TableIndex, how_to_drop, indexes, same
from ..model import Context, Final, FinalRule, Finding

NAME = "duplicate-index"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    for known in indexes(final.catalog).values():
        told: set[TableIndex] = set()
        for one, other in combinations(known, 2):
            if one.invalid or other.invalid or not same(one, other):
                continue
            kept, spare = _kept_first(one, other)
            if spare not in told and not _both_enforce_different_things(kept, spare):
                told.add(spare)
                yield _finding(final.catalog, kept, spare)


def _kept_first(one: TableIndex, other: TableIndex) -> tuple[TableIndex, TableIndex]:
    """The one that something depends on goes before the other."""

    def worth(index: TableIndex) -> tuple[bool, bool, bool, bool]:
        return (index.primary, index.unique or index.excludes, index.needed, index.key.kind == "constraint")

    return (one, other) if worth(one) >= worth(other) else (other, one)


def _both_enforce_different_things(kept: TableIndex, spare: TableIndex) -> bool:
    if spare.excludes:
        return True
    # NULLS NOT DISTINCT refuses more than its neighbour
    return spare.needed or (spare.unique and not spare.distinct_nulls and kept.distinct_nulls)


def _finding(catalog: Catalog, kept: TableIndex, spare: TableIndex) -> Finding:
    schema, table = spare.table
    return Finding(
        NAME,
        str(spare.key),
        f"{spare.name} serves the same queries as {kept.name}, and every write to {qualified(schema, table)} pays for"
        " both",
        how_to_drop(catalog, spare),
        RULE.severity,
        relation=f"{schema}.{table}",
    )


RULE = FinalRule(NAME, "Two indexes of a table are equal; every write pays for both.", judge, "warning")
