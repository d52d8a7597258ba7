"""Keys counted in a type that ends at two thousand millions or before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ....schema.core.catalog import CatalogObject, Key
from ....schema.core.quote import qualified, quote_ident
from ..model import Context, Final, FinalRule, Finding

NAME = "small-key"
_LAST = {"smallint": 32_767, "integer": 2_147_483_647}


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    keys = {
        (*key.identity[:2], cast("list[str]", item.extra["columns"])[0])
        for key, item in final.catalog.items()
        if key.kind == "constraint" and item.properties.get("type") == "p" and len(_columns(item)) == 1
    }
    for key, item in final.catalog.items():
        if key.kind == "column" and key.identity in keys and _is_counted(item) and item.properties["type"] in _LAST:
            yield _finding(key, str(item.properties["type"]))


def _columns(constraint: CatalogObject) -> list[str]:
    return cast("list[str]", constraint.extra["columns"])


def _is_counted(column: CatalogObject) -> bool:
    return bool(column.properties.get("identity") or column.extra.get("serial"))


def _finding(key: Key, kind: str) -> Finding:
    schema, table, column = key.identity
    return Finding(
        NAME,
        str(key),
        f"{qualified(schema, table)}.{quote_ident(column)} is {kind}: its numbers end at {_LAST[kind]:,}, and a wider"
        " type later rewrites the table",
        "make it bigint while the table is empty or small",
        RULE.severity,
        relation=f"{schema}.{table}",
    )


RULE = FinalRule(NAME, "A counted primary key is integer or smallint.", judge, "note")
