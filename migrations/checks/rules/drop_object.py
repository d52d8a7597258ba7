"""Views, functions, types, sequences and extensions that the running release may use are gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from postgast import pg_query_pb2

from ....schema.core.catalog import Key
from ..effects import Effect
from ..model import Context, Finding, Rule, Step
from ..places import RELATIONS, culprit, dropped_names, find, gone, kind_of, observed, refused, statements, told

NAME = "drop-object"
_KINDS = (
    "view",
    "materialized_view",
    "function",
    "aggregate",
    "enum",
    "domain",
    "composite",
    "range",
    "sequence",
    "extension",
    "foreign_server",
    "publication",
)
_BY_TEXT = {
    pg_query_pb2.OBJECT_VIEW: "view",
    pg_query_pb2.OBJECT_MATVIEW: "materialized view",
    pg_query_pb2.OBJECT_FUNCTION: "function",
    pg_query_pb2.OBJECT_PROCEDURE: "procedure",
    pg_query_pb2.OBJECT_ROUTINE: "routine",
    pg_query_pb2.OBJECT_AGGREGATE: "aggregate",
    pg_query_pb2.OBJECT_TYPE: "type",
    pg_query_pb2.OBJECT_DOMAIN: "domain",
    pg_query_pb2.OBJECT_SEQUENCE: "sequence",
    pg_query_pb2.OBJECT_EXTENSION: "extension",
    pg_query_pb2.OBJECT_PUBLICATION: "publication",
}
_SAFE = (
    "drop it a release after the last code that uses it; what replaces it goes beside it first, under a name of its own"
)


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, "alter_publication_stmt"):
        if tree.alter_publication_stmt.action == pg_query_pb2.AP_DropObjects:
            yield told(
                NAME, step, effect, f"the publication {tree.alter_publication_stmt.pubname} leaves something out"
                " from now"
                " on: its subscribers get no more changes of it, and no error", _SAFE, severity="warning",
            )  # fmt: skip
    if not observed(step) or refused(step):
        yield from _by_text(step)
        return
    for key in gone(step, *_KINDS):
        if _schema_is_gone(step, key) or _is_renamed(step, key) or _goes_with_its_table(step, key):
            continue
        successor = _other_signature(step, key)
        if successor is not None and _accepts(step, successor, key):
            continue
        what = key.kind.replace("_", " ")
        message = f"the {what} {'.'.join(key.identity[:2])} is gone, and the running release may use it"
        if successor is not None:
            message = (
                f"the function {'.'.join(key.identity[:2])}({key.identity[2]}) is gone; calls of the running release do"
                f" not fit ({successor.identity[2]})"
            )
        yield told(
            NAME, step, _statement(step, key) or culprit(step), message, _SAFE,
            relation=".".join(key.identity[:2]), severity="warning",
        )  # fmt: skip


def _by_text(step: Step) -> Iterator[Finding]:
    for effect, tree in statements(step, "drop_stmt"):
        what = _BY_TEXT.get(tree.drop_stmt.remove_type)
        for name in dropped_names(tree.drop_stmt) if what else ():
            full = ".".join(name)
            if not _is_made_here(step, effect, name[-1]) and (not observed(step) or _was_there(step, name)):
                yield told(NAME, step, effect, f"the {what} {full} is gone, and the running release may use it", _SAFE,
                           relation=full, severity="warning")  # fmt: skip


def _is_made_here(step: Step, effect: Effect, name: str) -> bool:
    """Another statement of the step makes it, before or again."""
    made: dict[str, Callable[[pg_query_pb2.Node], str]] = {
        "view_stmt": lambda tree: tree.view_stmt.view.relname,
        "create_table_as_stmt": lambda tree: tree.create_table_as_stmt.into.rel.relname,
        "create_function_stmt": lambda tree: tree.create_function_stmt.funcname[-1].string.sval,
        "create_enum_stmt": lambda tree: tree.create_enum_stmt.type_name[-1].string.sval,
        "create_domain_stmt": lambda tree: tree.create_domain_stmt.domainname[-1].string.sval,
        "composite_type_stmt": lambda tree: tree.composite_type_stmt.typevar.relname,
        "create_seq_stmt": lambda tree: tree.create_seq_stmt.sequence.relname,
        "create_extension_stmt": lambda tree: tree.create_extension_stmt.extname,
    }
    return any(
        made[tree.WhichOneof("node") or ""](tree) == name
        for other, tree in statements(step, *made)
        if other is not effect
    )


def _was_there(step: Step, name: tuple[str, ...]) -> bool:
    return any(key.kind in _KINDS and key.identity[: len(name)][-1] == name[-1] for key in step.before) or any(
        key.kind in _KINDS and name[-1] in key.identity[:2] for key in step.before
    )


def _schema_is_gone(step: Step, key: Key) -> bool:
    schema = Key("schema", key.identity[:1])
    return len(key.identity) > 1 and schema in step.before and schema not in step.after


def _is_renamed(step: Step, key: Key) -> bool:
    """The rule `rename` tells of it; a view may also have become a table."""
    if key.kind in RELATIONS and find(step.after, ".".join(key.identity[:2])) is not None:
        return True
    words = {tree.WhichOneof("node") for _, tree in statements(step, "rename_stmt", "alter_object_schema_stmt")}
    return bool(words) and any(
        key.identity[-1 if key.kind not in ("function", "aggregate") else 1] in effect.sql
        for effect, _ in statements(step, "rename_stmt", "alter_object_schema_stmt")
    )


def _goes_with_its_table(step: Step, key: Key) -> bool:
    """A sequence that belonged to a column: `drop-column` and `drop-table` tell of that."""
    owner = step.before[key].properties.get("owned_by") if key.kind == "sequence" else None
    return isinstance(owner, list) and Key("column", tuple(map(str, owner))) not in step.after


def _other_signature(step: Step, key: Key) -> Key | None:
    if key.kind != "function":
        return None
    same = [other for other in step.after if other.kind == "function" and other.identity[:2] == key.identity[:2]]
    return next((other for other in same if other not in step.before), None)


def _accepts(step: Step, successor: Key, old: Key) -> bool:
    """Calls with the old arguments still fit: the new function has them first, and defaults for the rest."""
    new, former = _split(successor.identity[2]), _split(old.identity[2])
    arguments = _split(str(step.after[successor].extra.get("arguments", "")))
    further = arguments[len(former) :]
    return new[: len(former)] == former and all(" DEFAULT " in item for item in further)


def _split(text: str) -> list[str]:
    parts: list[str] = []
    depth = 0
    for piece in text.split(","):
        if depth:
            parts[-1] += "," + piece
        elif piece.strip():
            parts.append(piece.strip())
        depth += piece.count("(") - piece.count(")")
    return parts


def _statement(step: Step, key: Key) -> Effect | None:
    """The statement that drops it by name."""
    name = key.identity[min(1, len(key.identity) - 1)]
    drops = (effect for effect in step.effects if effect.tree is not None and kind_of(effect) == "drop_stmt")
    for effect in drops:
        if effect.tree and any(parts[-1] == name for parts in dropped_names(effect.tree.drop_stmt)):
            return effect
    return None


RULE = Rule(
    NAME, "A dropped view, function, type, sequence or extension breaks the code that uses it.", judge, "warning"
)
