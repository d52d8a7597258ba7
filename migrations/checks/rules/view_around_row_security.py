"""Views that read as their owner what policies hide from the reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import postgast
from postgast import PgQueryError, pg_query_pb2

from ....schema.core.catalog import Catalog, CatalogObject, Key
from ....schema.core.quote import qualified
from ..expressions import walk
from ..model import Context, Final, FinalRule, Finding

NAME = "view-around-row-security"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    for key, item in final.catalog.items():
        if key.kind == "view" and not _asks_as_the_reader(item):
            around = sorted(table for table in _read(item) if _is_passed_by(final.catalog, table, item))
            if around:
                name, tables = qualified(*key.identity), ", ".join(qualified(*table) for table in around)
                yield Finding(
                    NAME,
                    str(key),
                    f"{name} reads {tables} as its owner, whom row level security there does not bind: whoever reads"
                    " the view sees every row",
                    f"ALTER VIEW {name} SET (security_invoker = true);",
                    RULE.severity,
                    relation=".".join(around[0]),
                )


def _asks_as_the_reader(view: CatalogObject) -> bool:
    return any(
        option.lower() in ("security_invoker=true", "security_invoker=on", "security_invoker=1")
        for option in cast("list[str]", view.properties.get("options") or [])
    )


def _read(view: CatalogObject) -> frozenset[tuple[str, str]]:
    try:
        tree = postgast.parse(str(view.properties["definition"])).stmts[0].stmt
    except PgQueryError:
        return frozenset()
    return frozenset(
        (item.schemaname, item.relname)
        for item in walk(tree)
        if isinstance(item, pg_query_pb2.RangeVar) and item.schemaname
    )


def _is_passed_by(catalog: Catalog, table: tuple[str, str], view: CatalogObject) -> bool:
    """An owner of the table is bound by its policies only when they are FORCEd."""
    there = catalog.get(Key("table", table))
    return (
        there is not None
        and bool(there.properties.get("rls"))
        and not there.properties.get("force_rls")
        and there.properties.get("owner") == view.properties.get("owner")
    )


RULE = FinalRule(NAME, "A view reads tables with row level security as their owner.", judge)
