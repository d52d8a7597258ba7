"""Row-level security is switched: rows disappear from the running release, or appear to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ....schema.core.catalog import Key
from ..model import Context, Finding, Rule, Step
from ..places import alterations, culprit, find, gone, observed, refused, split_name, statements, told

NAME = "row-security-change"
_OFF = {
    pg_query_pb2.AT_DisableRowSecurity: "every role with SELECT sees the rows of all tenants",
    pg_query_pb2.AT_NoForceRowSecurity: "the owner of the table sees and changes the rows of all tenants",
}


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, command, relation in alterations(step):
        if command.subtype in _OFF and _guarded(step, relation):
            yield told(
                NAME, step, effect, f"{relation} is not guarded any more: {_OFF[command.subtype]}",
                "keep row-level security on; change the policies inside one transaction", relation=relation,
            )  # fmt: skip
        elif command.subtype == pg_query_pb2.AT_EnableRowSecurity and not _has_policy(step, relation):
            yield told(
                NAME, step, effect, f"{relation} has no policy: everybody but its owner sees none of its rows from"
                " now on",
                "CREATE POLICY in the same transaction, before ENABLE ROW LEVEL SECURITY", relation=relation,
            )  # fmt: skip
    yield from _dropped_policies(step)


def _guarded(step: Step, relation: str) -> bool:
    key = Key("table", split_name(relation))
    return key not in step.before or bool(step.before[key].properties.get("rls"))


def _has_policy(step: Step, relation: str) -> bool:
    table = split_name(relation)
    if observed(step) and not refused(step):
        return any(key.kind == "policy" and key.identity[:2] == table for key in step.after)
    return any(tree.create_policy_stmt.table.relname == table[1] for _, tree in statements(step, "create_policy_stmt"))


def _dropped_policies(step: Step) -> Iterator[Finding]:
    """A policy goes and none takes its place for its command."""
    for key in gone(step, "policy"):
        relation = ".".join(key.identity[:2])
        if find(step.after, relation) is None:
            continue
        item = step.before[key]
        command, permissive = item.properties.get("command"), item.properties.get("permissive")
        others = [
            other
            for other_key, other in step.after.objects.items()
            if other_key.kind == "policy" and other_key.identity[:2] == key.identity[:2]
            and other.properties.get("command") in (command, "ALL") and other.properties.get("permissive") == permissive
        ]  # fmt: skip
        if not others:
            what = "rows disappear from the running release" if permissive else "what it kept away is open from now on"
            effect = next((e for e in step.effects if key.identity[2] in e.sql), None) or culprit(step, relation)
            yield told(
                NAME, step, effect, f"the policy {key.identity[2]} of {relation} is gone, and none takes its place:"
                f" {what}",
                "create the policy that replaces it in the same transaction", relation=relation, severity="warning",
            )  # fmt: skip


RULE = Rule(NAME, "Row-level security is switched so that rows vanish or appear.", judge)
