"""Tables without a primary key, and published ones that refuse UPDATE for want of an identity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from ....schema.core.catalog import CatalogObject, Json, Key
from ....schema.core.quote import qualified
from ..model import Context, Final, FinalRule, Finding

NAME = "table-without-primary-key"
_CHANGES = frozenset({"update", "delete"})


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    keyed = {
        key.identity[:2]
        for key, item in final.catalog.items()
        if key.kind == "constraint" and item.properties.get("type") == "p"
    }
    publications = [item for key, item in final.catalog.items() if key.kind == "publication" and _publishes(item)]
    for key, item in final.catalog.items():
        if key.kind != "table" or key.identity in keyed:
            continue
        name = qualified(*key.identity)
        named = "replica_identity" in item.properties
        refusing = [] if named else [each.key.identity[0] for each in publications if _holds(each.properties, key)]
        yield Finding(
            NAME,
            str(key),
            f"UPDATE and DELETE of {name} fail: {', '.join(refusing)} publishes them, and the table has neither a"
            " primary key nor a replica identity"
            if refusing
            else f"{name} has no primary key: nothing names one of its rows, and logical replication cannot change it",
            f"give it a key, or ALTER TABLE {name} REPLICA IDENTITY FULL;" if refusing else "give it a primary key",
            "error" if refusing else RULE.severity,
            relation=".".join(key.identity),
        )


def _publishes(publication: CatalogObject) -> bool:
    return bool(_CHANGES & set(cast("list[str]", publication.properties.get("publish") or [])))


def _holds(publication: Mapping[str, Json], table: Key) -> bool:
    return (
        bool(publication.get("all_tables"))
        or table.identity[0] in cast("list[str]", publication.get("schemas") or [])
        or qualified(*table.identity) in cast("dict[str, Json]", publication.get("tables") or {})
    )


RULE = FinalRule(NAME, "A table has no primary key.", judge, "note")
