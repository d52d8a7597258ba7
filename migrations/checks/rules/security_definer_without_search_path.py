"""Functions that run with their owner's rights and look names up where the caller says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import postgast
from postgast import PgQueryError, pg_query_pb2

from ....schema.core.catalog import CatalogObject
from ....schema.core.quote import qualified, quote_ident
from ..bodies import statements
from ..expressions import walk
from ..model import Context, Final, FinalRule, Finding

NAME = "security-definer-without-search-path"
_BY_CALLER = "looks names up by the caller's search_path: a caller can put functions and tables of his own there"
_HEAD = re.compile(r"\A.*?^AS \$", re.DOTALL | re.MULTILINE)


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    for key, item in final.catalog.items():
        why = _openness(item) if key.kind == "function" else None
        if why is not None:
            schema, name, arguments = key.identity
            routine = f"{qualified(schema, name)}({arguments})"
            kind = "PROCEDURE" if item.properties.get("prokind") == "p" else "FUNCTION"
            yield Finding(
                NAME,
                str(key),
                f"{routine} runs with the rights of its owner and {why}",
                f"ALTER {kind} {routine} SET search_path = pg_catalog, {quote_ident(schema)}, pg_temp;",
                RULE.severity if why == _BY_CALLER else "note",
                relation=f"{schema}.{name}",
            )


def _openness(item: CatalogObject) -> str | None:
    """In which way a caller can put something in the place of what the function names; None where he cannot."""
    definition = str(item.properties["definition"])
    if "SECURITY DEFINER" not in definition:
        return None
    try:
        made = postgast.parse(definition).stmts[0].stmt.create_function_stmt
    except PgQueryError:
        head = _HEAD.match(definition)
        text = head.group() if head else definition
        return _BY_CALLER if "SECURITY DEFINER" in text and "SET search_path" not in text else None
    # a body of the SQL standard's form (BEGIN ATOMIC, RETURN) found its names when it was made
    if not _is_definer(made) or made.HasField("sql_body"):
        return None
    path = _path(made)
    if path is None:
        return _BY_CALLER
    if "pg_temp" in path:
        return None
    bare = _bare_tables(definition, str(item.extra.get("language")))
    return f"a temporary table of the caller goes before {', '.join(bare)}" if bare else None


def _is_definer(made: pg_query_pb2.CreateFunctionStmt) -> bool:
    return any(node.def_elem.defname == "security" and node.def_elem.arg.boolean.boolval for node in made.options)


def _path(made: pg_query_pb2.CreateFunctionStmt) -> list[str] | None:
    for node in made.options:
        said = node.def_elem.arg.variable_set_stmt
        if node.def_elem.defname == "set" and said.name == "search_path":
            return [argument.a_const.sval.sval for argument in said.args]
    return None


def _bare_tables(definition: str, language: str) -> list[str]:
    """The tables that its body names without a schema: pg_temp is searched first for them unless the path says when."""
    found: set[str] = set()
    for tree in statements(definition, language):
        parts = list(walk(tree))
        local = {part.ctename for part in parts if isinstance(part, pg_query_pb2.CommonTableExpr)}
        named = {part.relname for part in parts if isinstance(part, pg_query_pb2.RangeVar) and not part.schemaname}
        found |= {name for name in named - local if not name.startswith("pg_")}
    return sorted(found)


RULE = FinalRule(NAME, "A SECURITY DEFINER function takes its search_path from the caller.", judge)
