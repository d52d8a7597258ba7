"""Autovacuum is switched off for a table."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..model import Context, Finding, Rule, Step, about
from ..places import definition, statements

NAME = "autovacuum-off"
_OFF = frozenset({"false", "off", "0", "no"})


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, "alter_table_stmt", "create_stmt"):
        if tree.WhichOneof("node") == "create_stmt":
            options = list(tree.create_stmt.options)
        else:
            commands = [item.alter_table_cmd for item in tree.alter_table_stmt.cmds]
            setting = [item for item in commands if item.subtype == pg_query_pb2.AT_SetRelOptions]
            options = [option for item in setting for option in definition(item).list.items]
        for option in options:
            value = option.def_elem.arg.string.sval.lower() or str(option.def_elem.arg.integer.ival)
            if option.def_elem.defname == "autovacuum_enabled" and value in _OFF:
                yield about(
                    NAME,
                    effect,
                    "nobody cleans the table up or counts its rows: it grows, plans go wrong, and one day a vacuum"
                    " against"
                    " wraparound comes anyway",
                    "leave it on; where it comes too seldom or too often, set autovacuum_vacuum_scale_factor",
                    severity="warning",
                )


RULE = Rule(NAME, "Autovacuum is switched off for a table.", judge, "warning")
