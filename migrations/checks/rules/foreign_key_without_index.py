"""Foreign keys whose columns no index leads with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ....schema.core.catalog import CatalogObject
from ....schema.core.quote import qualified, quote_ident
from ..indexes import TableIndex, indexes, leading
from ..model import Context, Final, FinalRule, Finding

NAME = "foreign-key-without-index"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    known = indexes(final.catalog)
    for key, item in final.catalog.items():
        if key.kind == "constraint" and item.properties.get("type") == "f":
            table = key.identity[:2]
            yield from _judged(item, known.get((table[0], table[1]), ()))


def _judged(item: CatalogObject, known: tuple[TableIndex, ...]) -> Iterator[Finding]:
    schema, table, _ = item.key.identity
    columns = cast("list[str]", item.extra["columns"])
    best = max(known, key=lambda index: leading(index, columns), default=None)
    covered = leading(best, columns) if best else 0
    if covered >= len(columns):
        return
    parent = qualified(*cast("list[str]", item.extra["references"]))
    listed = ", ".join(map(quote_ident, columns))
    name = qualified(schema, table)
    yield Finding(
        NAME,
        str(item.key),
        f"every DELETE in {parent}, and every UPDATE of its key, reads all of {name}: no index leads with {listed}"
        if best is None or not covered
        else f"a DELETE in {parent} looks for rows of {name} by {', '.join(best.terms[:covered])} alone ({best.name})",
        f"CREATE INDEX CONCURRENTLY ON {name} ({listed});",
        "note" if covered else RULE.severity,
        relation=f"{schema}.{table}",
    )


RULE = FinalRule(
    NAME, "A foreign key's columns have no index, so changing the referenced table reads all of it.", judge
)
