"""What each statement of a step did to the tables that others use, partitions gathered under their parent. Pure.

Tables that the step itself made are left out: nobody waits for them. Where nothing was observed (files alone are
read), a table is there for each name in the statement, and `observed` is False.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from postgast import pg_query_pb2

from ...schema.core.catalog import Catalog, Json, Key
from .effects import Effect, Lock, Touched
from .embedded import PLACEHOLDER
from .model import Finding, Severity, Step, about
from .named import named
from .trees import Command, Routines, commands_of, kind_of, names, statements


@dataclass(frozen=True, slots=True)
class Table:
    """A table or materialized view, and what a statement did to it and its partitions."""

    own: Touched
    parts: tuple[Touched, ...] = ()
    observed: bool = True

    @property
    def relation(self) -> str:
        return self.own.relation

    @property
    def all(self) -> tuple[Touched, ...]:
        return (self.own, *self.parts)

    @property
    def lock(self) -> Lock | None:
        """The strongest lock that is held on any of it; None where none was seen."""
        return max((lock for item in self.all for lock in (item.taken, item.held) if lock), default=None)

    @property
    def newly(self) -> Lock | None:
        """The strongest lock that the statement itself took."""
        return max((item.taken for item in self.all if item.taken), default=None)

    @property
    def scanned(self) -> bool:
        return any(item.scanned for item in self.all)

    @property
    def rewritten(self) -> bool:
        return any(item.rewritten for item in self.all)

    @property
    def read(self) -> bool:
        """Read whole, or not known to be spared that: for forms that always read."""
        return self.scanned or not self.observed

    @property
    def shut(self) -> bool:
        """Whether nobody could use it meanwhile, as far as was seen."""
        return self.lock in (None, Lock.ACCESS_EXCLUSIVE)

    @property
    def copied(self) -> bool:
        """Rewritten, or not known to be spared that: for forms that always rewrite."""
        return self.rewritten or not self.observed

    def __str__(self) -> str:
        count = len(self.parts)
        return self.relation + (f" and {count} partition{'s' * (count > 1)}" if count else "")

    @property
    def shown(self) -> str | None:
        """What PostgreSQL showed, in words; None when nothing was run."""
        if not self.observed:
            return None
        lock = self.lock
        words = [f"{lock} on {self}" if lock else str(self)]
        if self.rewritten:
            words.append("rewritten")
        elif self.scanned:
            words.append("read whole")
        if lock and lock.blocks:
            words.append(f"blocks {', '.join(lock.blocks)}")
        return "; ".join(words)


@dataclass(frozen=True)
class Impact:
    """One statement of a step: its trees, and the tables in use that it touched."""

    step: Step
    effect: Effect
    tables: tuple[Table, ...]
    routines: Routines
    others: tuple[Touched, ...] = ()
    """Tables in use that the statement may have touched unseen: its transaction had locked them before."""

    @cached_property
    def nodes(self) -> tuple[pg_query_pb2.Node, ...]:
        """The statement, and those in its body."""
        return tuple(statements(self.effect, self.routines))

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        return tuple(command for node in self.nodes for command in commands_of(node))

    def of_kind(self, kind: str) -> Iterator[pg_query_pb2.Node]:
        return (node for node in self.nodes if kind_of(node) == kind)

    def named(self, written: str) -> Iterator[Table]:
        """The tables in use that a name means; a partition that is named itself stands for itself."""
        found = tuple(self._touched(written))
        yield from found or (Table(item) for item in self.others if names(written, item.relation))

    def _touched(self, written: str) -> Iterator[Table]:
        for table in self.tables:
            if names(written, table.relation):
                yield table
            else:
                yield from (Table(part) for part in table.parts if names(written, part.relation))

    def altered(self, *subtypes: pg_query_pb2.AlterTableType) -> Iterator[tuple[Command, Table]]:
        """Each ALTER TABLE command of these kinds with each table in use that it is about."""
        for command in self.commands:
            if command.subtype in subtypes:
                for table in self.named(command.relation):
                    yield command, table

    def finding(self, rule: str, table: Table, message: str, safe: str, severity: Severity = "error") -> Finding:
        # what EXECUTE puts in is not known here
        message = message.replace(PLACEHOLDER, "...")
        return about(rule, self.effect, message, safe, relation=table.relation, observed=table.shown, severity=severity)


_LATEST: dict[str, tuple[Step, tuple[Impact, ...]]] = {}


def impacts(step: Step) -> Iterator[Impact]:
    """Every statement of the step in turn."""
    # thirty rules ask for those of the same step, one after the other
    latest = _LATEST.get("")
    if latest is None or latest[0] is not step:
        latest = _LATEST[""] = (step, tuple(_impacts(step)))
    return iter(latest[1])


def _impacts(step: Step) -> Iterator[Impact]:
    routines = _routines(step)
    made: set[str] = set()
    locked: dict[int, dict[str, Touched]] = {}
    for effect in step.effects:
        if _is_unobserved(step) or effect.error is not None:
            yield Impact(step, effect, tuple(_files_alone(effect, made)), routines)
        else:
            before = locked.setdefault(effect.transaction, {})
            touched = tuple(_in_use(effect, made))
            others = before if effect.transactional else _all_tables(step, made)
            yield Impact(step, effect, tuple(_gathered(touched, others)), routines, tuple(others.values()))
            before.update((item.relation, _unmoved(item)) for item in touched)
        made.update(item.relation for item in effect.touched if item.created and item.is_table)


def _routines(step: Step) -> Routines:
    known = {
        key.identity[1]: cast("str", item.properties["definition"])
        for catalog in (step.before, step.after)
        for key, item in catalog.items()
        if key.kind == "function"
    }
    for effect in step.effects:
        if effect.tree is not None and kind_of(effect.tree) == "create_function_stmt":
            known[effect.tree.create_function_stmt.funcname[-1].string.sval] = effect.sql
    return known


def _unmoved(item: Touched) -> Touched:
    lock = item.held or item.taken
    return Touched(item.relation, item.kind, held=lock, rows=item.rows, root=item.root)


def _all_tables(step: Step, made: set[str]) -> Mapping[str, Touched]:
    """Outside a transaction a short lock is not always seen."""
    return {
        ".".join(key.identity): Touched(".".join(key.identity), cast("str", item.properties.get("relkind", "m")))
        for key, item in step.before.items()
        if key.kind in ("table", "materialized_view") and ".".join(key.identity) not in made
    }


def _is_unobserved(step: Step) -> bool:
    # no server has major version 0: the files alone were read
    return not step.before.major


def _in_use(effect: Effect, made: set[str]) -> Iterator[Touched]:
    return (item for item in effect.others() if item.is_table and item.relation not in made)


def _files_alone(effect: Effect, made: set[str]) -> Iterator[Table]:
    """The tables that the text names: nothing was run, or what it did was refused and rolled back."""
    seen = {item.relation: item for item in effect.touched}
    for node in statements(effect):
        for item in named(node):
            seen.setdefault(item.name, Touched(item.name, item.kind, created=item.new))
    for item in seen.values():
        if not item.created and item.relation not in made:
            yield Table(item, observed=False)


def _gathered(items: Iterable[Touched], others: Mapping[str, Touched]) -> Iterator[Table]:
    """Partitions under the topmost parent that the statement touched, or that its transaction had locked before."""
    by_root: dict[str, list[Touched]] = {}
    for item in items:
        by_root.setdefault(item.root or item.relation, []).append(item)
    for root, group in by_root.items():
        parents = [item for item in group if item.relation == root] or [item for item in group if item.kind == "p"]
        if not parents and root in others and group[0].relation != root:
            parents = [others[root]]
        if parents and _is_concerned(parents[0]):
            yield Table(parents[0], tuple(item for item in group if item is not parents[0]))
        else:
            yield from (Table(item) for item in group)


def _is_concerned(parent: Touched) -> bool:
    return (parent.held or parent.taken or Lock.ACCESS_EXCLUSIVE) > Lock.ROW_EXCLUSIVE


def constraints(
    impact: Impact, contype: pg_query_pb2.ConstrType
) -> Iterator[tuple[Command, pg_query_pb2.Constraint, Table]]:
    """The constraints of one kind that a statement adds to tables in use, alone or with a column."""
    for command, table in impact.altered(pg_query_pb2.AT_AddConstraint, pg_query_pb2.AT_AddColumn):
        for constraint in command.constraints:
            if constraint.contype == contype:
                yield command, constraint, table


def column_of(catalog: Catalog, relation: str, column: str) -> Mapping[str, Json]:
    """What a catalog says of a column of `schema.table`; empty when there is none."""
    found = catalog.get(Key("column", (*relation.split(".", 1), column)))
    return found.properties if found else {}
