"""Policies that compare a column which no index leads with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from ....schema.core.catalog import Catalog, CatalogObject, Key
from ....schema.core.quote import qualified, quote_ident
from ..expressions import demanded, parsed
from ..indexes import TableIndex, how_to_build, indexes, leading
from ..model import Context, Final, FinalRule, Finding

NAME = "policy-column-without-index"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    policies = [item for key, item in final.catalog.items() if key.kind == "policy" and item.properties.get("using")]
    if not policies:
        return
    known, texts = indexes(final.catalog), _text_columns(final.catalog)
    told: set[tuple[str, str, frozenset[str]]] = set()
    for item in policies:
        schema, table, _ = item.key.identity
        tree = parsed(str(item.properties["using"]))
        for terms in demanded(tree, texts.get((schema, table), frozenset())) if tree is not None else ():
            holder = final.catalog.get(Key("table", (schema, table)))
            if (schema, table, terms) not in told and not _is_met(terms, holder, known.get((schema, table), ())):
                told.add((schema, table, terms))
                yield _finding(final, item.key, terms)


def _text_columns(catalog: Catalog) -> Mapping[tuple[str, ...], frozenset[str]]:
    """The varchar columns of each table: their cast to text changes nothing, and is no hindrance to an index."""
    found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for key, item in catalog.items():
        if key.kind == "column" and str(item.properties["type"]).startswith("character varying"):
            found[key.identity[:2]].add(key.identity[2])
    return {table: frozenset(columns) for table, columns in found.items()}


def _is_met(terms: frozenset[str], table: CatalogObject | None, known: tuple[TableIndex, ...]) -> bool:
    """A list partition for each value does as well."""
    key = str(table.properties.get("partition_key", "")) if table else ""
    return any(leading(index, terms) for index in known) or any(key == f"LIST ({term})" for term in terms)


def _finding(final: Final, key: Key, terms: frozenset[str]) -> Finding:
    schema, table, policy = key.identity
    listed = sorted(terms)
    is_column = Key("column", (schema, table, listed[0])) in final.catalog
    spelling = quote_ident(listed[0]) if is_column else f"({listed[0]})"
    return Finding(
        NAME,
        str(key),
        f"the policy {policy} compares {' and '.join(listed)}, which no index leads with:"
        f" every query of {qualified(schema, table)} may read the rows of everybody",
        how_to_build(final.catalog, (schema, table), spelling),
        # where many tenants share a table, each pays for the others
        RULE.severity if f"{schema}.{table}" in final.tenants else "note",
        relation=f"{schema}.{table}",
    )


RULE = FinalRule(NAME, "A policy compares a column that no index leads with.", judge)
