"""Logical replication can no longer tell a row: UPDATE and DELETE on a published table fail."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ....schema.core.catalog import Catalog, Key
from ..model import Context, Finding, Rule, Step
from ..places import alterations, culprit, definition, find, observed, refused, split_name, told

NAME = "replica-identity"
_SAFE = (
    "name a unique index over NOT NULL columns: ALTER TABLE ... REPLICA IDENTITY USING INDEX ..., before what"
    " identified"
    " the rows goes"
)


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    told_of: set[str] = set()
    for effect, command, relation in alterations(step):
        identity = definition(command).replica_identity_stmt.identity_type
        if command.subtype == pg_query_pb2.AT_ReplicaIdentity and identity in ("n", "f"):
            told_of.add(relation)
            full = identity == "f"
            yield told(
                NAME, step, effect,
                f"every change of {relation} writes the whole old row to the log, and a subscriber looks for it row"
                " by row"
                if full else f"UPDATE and DELETE on {relation} fail as soon as it is published",
                _SAFE, relation=relation, severity="warning",
            )  # fmt: skip
    if not observed(step) or refused(step):
        return
    for key in step.after:
        relation = ".".join(key.identity[:2])
        if key.kind != "table" or relation in told_of or find(step.before, relation, ("table",)) is None:
            continue
        lost = _is_identified(step.before, relation) and not _is_identified(step.after, relation)
        # of tables that nobody subscribes to `drop-constraint` tells enough
        if lost and _is_published(step.after, relation):
            yield told(
                NAME, step, culprit(step, relation), f"{relation} has nothing left that tells its rows apart: UPDATE"
                " and"
                " DELETE on it fail as soon as it is published", _SAFE, relation=relation, severity="warning",
            )  # fmt: skip


def _is_published(catalog: Catalog, relation: str) -> bool:
    schema, _ = split_name(relation)
    for key, item in catalog.objects.items():
        if key.kind == "publication":
            tables, schemas = item.properties.get("tables"), item.properties.get("schemas")
            named = isinstance(tables, dict) and relation in {name.replace('"', "") for name in tables}
            if item.properties.get("all_tables") or named or (isinstance(schemas, list) and schema in schemas):
                return True
    return False


def _is_identified(catalog: Catalog, relation: str) -> bool:
    key = Key("table", split_name(relation))
    how = str(catalog[key].properties.get("replica_identity") or "d")
    if how[0] in "nf":
        return how == "f"
    if how[0] == "i":
        index = how.partition(" ")[2]
        return Key("index", (key.identity[0], index)) in catalog or any(
            other.kind == "constraint" and other.identity[:2] == key.identity and other.identity[2] == index
            for other in catalog
        )
    return any(
        other.kind == "constraint" and other.identity[:2] == key.identity and item.properties.get("type") == "p"
        for other, item in catalog.objects.items()
    )


RULE = Rule(NAME, "Without a replica identity UPDATE and DELETE fail on a published table.", judge, "warning")
