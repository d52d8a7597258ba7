"""Foreign keys whose columns no index leads with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from postgast import pg_query_pb2

from ....schema.core.catalog import Catalog, CatalogObject
from ....schema.core.quote import qualified, quote_ident
from ..expressions import constraint
from ..indexes import TableIndex, how_to_build, indexes, leading
from ..model import Context, Final, FinalRule, Finding

NAME = "foreign-key-without-index"
_CASCADE, _SET_NULL, _SET_DEFAULT = "c", "n", "d"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    known = indexes(final.catalog)
    for key, item in final.catalog.items():
        # one that is NOT ENFORCED (PostgreSQL 18) looks for nothing
        if item.properties.get("type") == "f" and key.kind == "constraint" and not item.properties.get("not_enforced"):
            yield from _judged(final.catalog, item, known)


def _judged(
    catalog: Catalog, item: CatalogObject, known: Mapping[tuple[str, ...], tuple[TableIndex, ...]]
) -> Iterator[Finding]:
    schema, table, _ = item.key.identity
    columns = cast("list[str]", item.extra["columns"])
    parent = tuple(cast("list[str]", item.extra["references"]))
    best = max(known.get((schema, table), ()), key=lambda index: leading(index, columns), default=None)
    covered = best.terms[: leading(best, columns)] if best else ()
    made = constraint(str(item.properties["definition"]))
    referred = dict(zip(columns, [node.string.sval for node in made.pk_attrs] if made else (), strict=False))
    if len(covered) == len(columns) or _name_one_row(known.get(parent, ()), {referred.get(name) for name in covered}):
        return
    name, listed = qualified(schema, table), ", ".join(map(quote_ident, columns))
    partial = [index.name for index in known.get((schema, table), ()) if index.predicate and index.terms[0] in columns]
    yield Finding(
        NAME,
        str(item.key),
        f"a DELETE in {qualified(*parent)} looks for rows of {name} by {', '.join(covered)} alone"
        if covered
        else f"every DELETE in {qualified(*parent)}, and every UPDATE of its key, reads all of {name}: no index leads"
        f" with {listed}" + (f" (only a part of the rows: {', '.join(partial)})" if partial else ""),
        how_to_build(catalog, (schema, table), listed),
        RULE.severity if not covered and _expects_deletes(made) else "note",
        relation=f"{schema}.{table}",
    )


def _expects_deletes(made: pg_query_pb2.Constraint | None) -> bool:
    """Whether rows of the other table are meant to go: the foreign key says what happens then."""
    return made is not None and made.fk_del_action in (_CASCADE, _SET_NULL, _SET_DEFAULT)


def _name_one_row(known: tuple[TableIndex, ...], referred: set[str | None]) -> bool:
    """Whether the columns are a key of the referenced table: more of them find no fewer rows."""
    return any(index.unique and index.predicate is None and set(index.terms) <= referred for index in known)


RULE = FinalRule(
    NAME, "A foreign key's columns have no index, so changing the referenced table reads all of it.", judge
)
