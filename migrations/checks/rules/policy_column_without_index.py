"""Policies that compare a column which no index leads with."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.catalog import Catalog, CatalogObject, Key
from ....schema.core.quote import qualified
from ..expressions import demanded, parsed
from ..indexes import TableIndex, indexes, leading
from ..model import Context, Final, FinalRule, Finding

NAME = "policy-column-without-index"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    known = indexes(final.catalog)
    told: set[tuple[str, str, frozenset[str]]] = set()
    for key, item in final.catalog.items():
        if key.kind != "policy" or not item.properties.get("using"):
            continue
        schema, table, _ = key.identity
        for terms in _demands(final.catalog, item):
            if (schema, table, terms) not in told and not _is_met(
                terms, final.catalog[Key("table", (schema, table))], known.get((schema, table), ())
            ):
                told.add((schema, table, terms))
                yield _finding(key, terms)


def _demands(catalog: Catalog, policy: CatalogObject) -> tuple[frozenset[str], ...]:
    tree = parsed(str(policy.properties["using"]))
    if tree is None:
        return ()
    texts = frozenset(
        key.identity[2]
        for key, item in catalog.items()
        if key.kind == "column"
        and key.identity[:2] == policy.key.identity[:2]
        and str(item.properties["type"]).startswith("character varying")
    )
    return demanded(tree, texts)


def _is_met(terms: frozenset[str], table: CatalogObject, known: tuple[TableIndex, ...]) -> bool:
    """A list partition for each value does as well."""
    key = str(table.properties.get("partition_key", ""))
    return any(leading(index, terms) for index in known) or any(key == f"LIST ({term})" for term in terms)


def _finding(key: Key, terms: frozenset[str]) -> Finding:
    schema, table, policy = key.identity
    listed = sorted(terms)
    return Finding(
        NAME,
        str(key),
        f"the policy {policy} compares {' and '.join(listed)}, which no index leads with:"
        f" every query of {qualified(schema, table)} may read the rows of everybody",
        f"CREATE INDEX CONCURRENTLY ON {qualified(schema, table)} ({listed[0]});",
        RULE.severity,
        relation=f"{schema}.{table}",
    )


RULE = FinalRule(NAME, "A policy compares a column that no index leads with.", judge)
