"""Outside a transaction a migration that failed in its middle runs again from its start."""

from __future__ import annotations

from collections.abc import Iterator

import postgast
from postgast import pg_query_pb2

from ..effects import Effect
from ..model import Context, Finding, Rule, Severity, Step, about
from ..places import kind_of

NAME = "not-rerunnable"
_SESSION = frozenset({"variable_set_stmt", "transaction_stmt", "vacuum_stmt", "select_stmt", "reindex_stmt"})


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    own = [effect for effect in step.effects if not effect.transactional and kind_of(effect) not in _SESSION]
    if len(own) < 2:
        return
    # the last one is done when the migration is
    for effect in own[:-1]:
        again = _again(effect)
        if again is not None:
            what, severity = again
            yield about(
                NAME,
                effect,
                f"a failure after this statement makes the migration run again, and a second time it {what}",
                "one statement a migration, or write it so that it can be repeated: IF NOT EXISTS, IF EXISTS,"
                " ON CONFLICT DO NOTHING, WHERE for what is not done yet",
                severity=severity,
            )


def _again(effect: Effect) -> tuple[str, Severity] | None:
    """What happens the second time; None when nothing does."""
    kind = kind_of(effect)
    tree = effect.tree
    if tree is None:
        return None
    if kind == "insert_stmt":
        return (
            None if tree.insert_stmt.HasField("on_conflict_clause") else ("inserts its rows twice or fails", "warning")
        )
    if kind == "update_stmt" and _is_relative(tree.update_stmt):
        return "changes its rows twice", "warning"
    return ("fails, as its work is done", "note") if _fails_again(tree) else None


def _is_relative(statement: pg_query_pb2.UpdateStmt) -> bool:
    """SET n = n + 1: the new value comes from the old one."""
    for target in statement.target_list:
        read = postgast.find_nodes(target.res_target.val, pg_query_pb2.ColumnRef)
        if any(item.fields and item.fields[-1].string.sval == target.res_target.name for item in read):
            return True
    return False


def _fails_again(tree: pg_query_pb2.Node) -> bool:
    kind = tree.WhichOneof("node") or ""
    if kind == "alter_table_stmt":
        adding = (pg_query_pb2.AT_AddColumn, pg_query_pb2.AT_AddConstraint)
        dropping = (pg_query_pb2.AT_DropColumn, pg_query_pb2.AT_DropConstraint)
        commands = [item.alter_table_cmd for item in tree.alter_table_stmt.cmds]
        return any(command.subtype in (*adding, *dropping) and not command.missing_ok for command in commands)
    repeats = {
        "index_stmt": tree.index_stmt.if_not_exists,
        "create_stmt": tree.create_stmt.if_not_exists,
        "drop_stmt": tree.drop_stmt.missing_ok,
        "alter_enum_stmt": tree.alter_enum_stmt.skip_if_new_val_exists,
        "create_function_stmt": tree.create_function_stmt.replace,
        "view_stmt": tree.view_stmt.replace,
        "create_trig_stmt": tree.create_trig_stmt.replace,
        "create_enum_stmt": False,
        "rename_stmt": False,
        "create_policy_stmt": False,
    }
    return kind in repeats and not repeats[kind]


RULE = Rule(NAME, "Statements outside a transaction cannot be run a second time.", judge, "note")
