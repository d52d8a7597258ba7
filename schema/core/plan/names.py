"""How each kind of object is called in COMMENT ON, ALTER ... OWNER TO and GRANT ... ON."""

from __future__ import annotations

from ..catalog.model import CatalogObject, Key
from .quote import qualified, quote_ident, quote_literal
from .read import required, text

_WORDS = {
    "schema": "SCHEMA",
    "extension": "EXTENSION",
    "table": "TABLE",
    "foreign_table": "FOREIGN TABLE",
    "index": "INDEX",
    "sequence": "SEQUENCE",
    "enum": "TYPE",
    "domain": "DOMAIN",
    "composite": "TYPE",
    "range": "TYPE",
    "event_trigger": "EVENT TRIGGER",
    "view": "VIEW",
    "materialized_view": "MATERIALIZED VIEW",
    "statistics": "STATISTICS",
    "publication": "PUBLICATION",
}
_ON_TABLE = {"constraint": "CONSTRAINT", "trigger": "TRIGGER", "rule": "RULE", "policy": "POLICY"}


def object_name(thing: CatalogObject) -> str:
    """`TABLE public.users`. Raises KeyError for kinds that `is_nameable` does not know."""
    key = thing.key
    if key.kind in ("function", "aggregate"):
        return f"{routine_word(thing)} {signature(key)}"
    if key.kind == "column":
        return f"COLUMN {qualified(*key.identity)}"
    if key.kind in _ON_TABLE:
        return f"{_ON_TABLE[key.kind]} {quote_ident(key.identity[2])} ON {qualified(*key.identity[:2])}"
    return f"{_WORDS[key.kind]} {qualified(*key.identity)}"


def signature(routine: Key) -> str:
    """Name and argument types."""
    schema, name, arguments = routine.identity
    return f"{qualified(schema, name)}({arguments})"


def in_database(sql: str) -> str:
    """A statement on the connected database, whose name stands as `%I` in it and is not known before."""
    return f"DO $do$BEGIN EXECUTE pg_catalog.format({quote_literal(sql)}, pg_catalog.current_database()); END$do$"


def is_nameable(kind: str) -> bool:
    """Whether `object_name` knows the kind."""
    return kind in _WORDS or kind in _ON_TABLE or kind in ("column", "function", "aggregate")


def routine_word(thing: CatalogObject) -> str:
    """FUNCTION, PROCEDURE, AGGREGATE."""
    if thing.key.kind == "aggregate":
        # Only ROUTINE takes the plain argument types of an ordered-set aggregate.
        return "ROUTINE" if " ORDER BY " in required(thing, "definition").partition(" (")[0] else "AGGREGATE"
    return "PROCEDURE" if text(thing, "prokind") == "p" else "FUNCTION"
