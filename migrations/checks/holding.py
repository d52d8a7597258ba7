"""What a transaction does while it holds locks that stop others. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from postgast import pg_query_pb2

from ..outside import is_concurrent
from . import trees
from .bounded import Keys, Reach, reach, unique_keys, with_values
from .effects import Effect, Lock, Touched
from .model import Step
from .places import columns_of, is_old, kind_of, made_here, observed, once_a_step, place, qualified, statements

DML = ("update_stmt", "delete_stmt", "merge_stmt", "insert_stmt")
_STRONG = Lock.SHARE
_ACCESS_EXCLUSIVE_BY_TEXT = ("alter_table_stmt", "rename_stmt", "drop_stmt")


@dataclass(frozen=True, slots=True)
class Held:
    """A strong lock on a table that others use, and the statement that took it."""

    relation: str
    lock: Lock
    effect: Effect

    def __str__(self) -> str:
        return f"{self.lock} on {self.relation} (since {_short(self.effect.sql)})"


@dataclass(frozen=True, slots=True)
class Writing:
    """An UPDATE, DELETE, MERGE or INSERT on a table that was there before. `amid` are the locks around it."""

    effect: Effect
    tree: pg_query_pb2.Node
    relation: str
    reach: Reach
    amid: tuple[Held, ...]


@once_a_step
def while_held(step: Step) -> tuple[tuple[Effect, tuple[Held, ...]], ...]:
    """Each statement in a transaction, with the strong locks that its transaction held when it began."""
    return tuple(_while_held(step))


def _while_held(step: Step) -> Iterator[tuple[Effect, tuple[Held, ...]]]:
    held: dict[int, dict[str, Held]] = {}
    made = made_here(step)
    for effect in step.effects:
        if not effect.transactional:
            continue
        so_far = held.setdefault(effect.transaction, {})
        yield effect, tuple(so_far.values())
        for relation, lock in strong_locks(step, effect, made).items():
            if relation not in so_far or so_far[relation].lock < lock:
                so_far[relation] = Held(relation, lock, effect)


def strong_locks(step: Step, effect: Effect, made: frozenset[str]) -> Mapping[str, Lock]:
    """The locks that stop writes or more, by table (partitions as their root), that the statement took."""
    if not observed(step):
        return _by_text(effect, made)
    return {
        item.root or item.relation: item.taken
        for item in effect.others()
        if item.taken is not None and item.taken >= _STRONG and item.is_table and item.relation not in made
    }


def _by_text(effect: Effect, made: frozenset[str]) -> Mapping[str, Lock]:
    """What is certain without a run: almost every ALTER TABLE locks its table against everybody."""
    if kind_of(effect) not in _ACCESS_EXCLUSIVE_BY_TEXT or (kind_of(effect) == "alter_table_stmt" and _is_mild(effect)):
        return {}
    return {item.relation: Lock.ACCESS_EXCLUSIVE for item in effect.others() if item.relation not in made}


def _is_mild(effect: Effect) -> bool:
    mild = (
        pg_query_pb2.AT_ValidateConstraint,
        pg_query_pb2.AT_SetStatistics,
        pg_query_pb2.AT_AddConstraint,
        pg_query_pb2.AT_AttachPartition,
        pg_query_pb2.AT_DetachPartition,
        pg_query_pb2.AT_SetRelOptions,
    )
    return all(command.subtype in mild for command in trees.commands(effect))


@once_a_step
def writings(step: Step) -> tuple[Writing, ...]:
    """Every statement that changes rows of a table that was there before, with how many rows and amid which locks."""
    return tuple(_writings(step))


def _writings(step: Step) -> Iterator[Writing]:
    keys: dict[str, Keys] = {}
    around = {id(effect): held for effect, held in while_held(step)}
    later = _taken_later(step)
    for effect, tree in statements(step, *DML):
        statement = getattr(tree, kind_of_node(tree))
        relation = place(step, effect, statement.relation)
        if not is_old(step, relation) or (tree is not effect.tree and not _wrote(step, effect, relation)):
            continue
        held = around.get(id(effect), ())
        waits = tuple(item for item in later.get(id(effect), ()) if item.relation == _root(effect, relation))
        if relation not in keys:
            keys[relation] = unique_keys(step.before, relation)
        read = with_values(tree, columns_of(step.before, relation)) if kind_of(effect) == "do_stmt" else tree
        yield Writing(effect, tree, relation, reach(read, keys[relation]), held or waits)


def kind_of_node(node: pg_query_pb2.Node) -> str:
    return node.WhichOneof("node") or ""


def _taken_later(step: Step) -> dict[int, tuple[Held, ...]]:
    """For each statement, the strong locks that its transaction takes after it."""
    made = made_here(step)
    found: dict[int, tuple[Held, ...]] = {}
    following: dict[int, tuple[Held, ...]] = {}
    for effect in reversed(step.effects):
        if not effect.transactional:
            continue
        known = following.get(effect.transaction, ())
        found[id(effect)] = known
        taken = tuple(Held(name, lock, effect) for name, lock in strong_locks(step, effect, made).items())
        following[effect.transaction] = (*taken, *known)
    return found


def _wrote(step: Step, effect: Effect, relation: str) -> bool:
    """A statement within a block may stand in a branch that was not taken: then the table was not even locked."""
    return not observed(step) or any(relation in (item.relation, item.root) for item in effect.touched)


def _root(effect: Effect, relation: str) -> str:
    return next((item.root for item in effect.touched if item.relation == relation and item.root), relation)


def scanned(step: Step, effect: Effect) -> tuple[Touched, ...]:
    """The tables that were there before and that a statement read or rewrote whole."""
    made = made_here(step)
    if not observed(step):
        reads = (
            effect.tree is not None
            and kind_of(effect) in ("index_stmt", "refresh_mat_view_stmt")
            and not is_concurrent(effect.tree)
        )
        return tuple(item for item in effect.others() if reads and item.relation not in made)
    return tuple(
        item
        for item in effect.others()
        if (item.scanned or item.rewritten) and item.is_table and not item.dropped and item.relation not in made
    )


def written_by(effect: Effect, made: frozenset[str]) -> list[str]:
    """The tables that were there before and got or lost rows by a statement; partitions as their root."""
    others = (item for item in effect.others() if item.written and item.kind in "rp" and item.relation not in made)
    return sorted({item.root or item.relation for item in others})


def altered_table(step: Step, effect: Effect) -> str | None:
    """The table that an ALTER TABLE is about."""
    if effect.tree is None or kind_of(effect) != "alter_table_stmt":
        return None
    relation = effect.tree.alter_table_stmt.relation
    return qualified(step, effect, relation.schemaname, relation.relname)


def _short(sql: str) -> str:
    words = " ".join(sql.split())
    return words if len(words) <= 60 else words[:57] + "..."
