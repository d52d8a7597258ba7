"""SET LOGGED, UNLOGGED, TABLESPACE and ACCESS METHOD."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import impacts
from ..model import Context, Finding, Rule, Step, about
from ..trees import names

NAME = "storage-rewrite"
_FORMS = {
    pg_query_pb2.AT_SetLogged: "SET LOGGED",
    pg_query_pb2.AT_SetUnLogged: "SET UNLOGGED",
    pg_query_pb2.AT_SetTableSpace: "SET TABLESPACE",
    pg_query_pb2.AT_SetAccessMethod: "SET ACCESS METHOD",
}
_SAFE = "make a new table there, copy in batches and swap names; pg_repack moves a table while it is used"
_SAFE_INDEX = "REINDEX (CONCURRENTLY, TABLESPACE ...) INDEX, outside a transaction"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for command, table in impact.altered(*_FORMS):
            if table.copied:
                message = f"{_FORMS[command.subtype]} writes {table} anew while nobody can use it"
                yield impact.finding(NAME, table, message, _SAFE)
        for command in impact.commands:
            for item in impact.effect.touched:
                if command.subtype not in _FORMS or item.kind != "i" or item.created or not item.rewritten:
                    continue
                if names(command.relation, item.relation):
                    message = f"{_FORMS[command.subtype]} copies index {item.relation} while nobody can use it"
                    yield about(NAME, impact.effect, message, _SAFE_INDEX, relation=item.relation)
        for node in impact.of_kind("alter_table_move_all_stmt"):
            space = node.alter_table_move_all_stmt.new_tablespacename
            message = f"everything that moves to {space} is copied while nobody can use it"
            yield about(NAME, impact.effect, message, _SAFE)


RULE = Rule(NAME, "A table or index is copied to other storage while nobody can use it.", _judge)
