"""Functions that run with their owner's rights and look names up where the caller says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import postgast
from postgast import PgQueryError, pg_query_pb2

from ....schema.core.catalog import CatalogObject
from ....schema.core.quote import qualified
from ..model import Context, Final, FinalRule, Finding

NAME = "security-definer-without-search-path"
_HEAD = re.compile(r"\A.*?^AS \$", re.DOTALL | re.MULTILINE)


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    for key, item in final.catalog.items():
        if key.kind == "function" and _is_open(item):
            schema, name, arguments = key.identity
            kind = "PROCEDURE" if item.properties.get("prokind") == "p" else "FUNCTION"
            yield Finding(
                NAME,
                str(key),
                f"{qualified(schema, name)}({arguments}) runs with the rights of its owner and looks names up by the"
                " caller's search_path: a caller can put functions and tables of his own there",
                f"ALTER {kind} {qualified(schema, name)}({arguments}) SET search_path = pg_catalog, {schema}, pg_temp;",
                RULE.severity,
            )


def _is_open(item: CatalogObject) -> bool:
    definition = str(item.properties["definition"])
    if "SECURITY DEFINER" not in definition:
        return False
    try:
        made = postgast.parse(definition).stmts[0].stmt.create_function_stmt
    except PgQueryError:
        head = _HEAD.match(definition)
        text = head.group() if head else definition
        return "SECURITY DEFINER" in text and "SET search_path" not in text
    # a body of the SQL standard's form (BEGIN ATOMIC, RETURN) found its names when it was made
    return _is_definer(made) and not _sets_path(made) and not made.HasField("sql_body")


def _is_definer(made: pg_query_pb2.CreateFunctionStmt) -> bool:
    return any(node.def_elem.defname == "security" and node.def_elem.arg.boolean.boolval for node in made.options)


def _sets_path(made: pg_query_pb2.CreateFunctionStmt) -> bool:
    return any(
        node.def_elem.defname == "set" and node.def_elem.arg.variable_set_stmt.name == "search_path"
        for node in made.options
    )


RULE = FinalRule(NAME, "A SECURITY DEFINER function takes its search_path from the caller.", judge)
