"""Indexes that PostgreSQL does not use because their build did not end."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.quote import qualified
from ..indexes import TableIndex, indexes
from ..model import Context, Final, FinalRule, Finding

NAME = "invalid-index"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    for known in indexes(final.catalog).values():
        for index in known:
            if index.invalid:
                yield _finding(index, partitioned=_is_partitioned(final, index))


def _is_partitioned(final: Final, index: TableIndex) -> bool:
    return bool(final.catalog[index.key].extra.get("partitioned")) or index.key.kind == "constraint"


def _finding(index: TableIndex, *, partitioned: bool) -> Finding:
    schema, table = index.table
    name = qualified(schema, index.name)
    promise = "; it guarantees nothing" if index.unique else ""
    return Finding(
        NAME,
        str(index.key),
        f"{index.name} is not valid, as not every partition of {qualified(schema, table)} has its part{promise}"
        if partitioned
        else f"{index.name} is not valid: no query uses it, and writes may pay for it{promise}",
        f"build the index of each partition CONCURRENTLY, then ALTER INDEX {name} ATTACH PARTITION ...;"
        if partitioned
        else f"DROP INDEX CONCURRENTLY {name}; and build it again",
        # ON ONLY and then part by part is how such an index is built
        "note" if partitioned else RULE.severity,
        relation=f"{schema}.{table}",
    )


RULE = FinalRule(NAME, "An index is left invalid: no query uses it.", judge, "error")
