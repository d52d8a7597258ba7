"""IF NOT EXISTS that found something: what is there may be something else."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Effect
from ..indexes import indexes
from ..model import Context, Finding, Rule, Step, about
from ..places import alterations, column, find, made_here, place, split_name, statements
from ..trees import object_name

NAME = "silent-no-op"
_SAFE = (
    "say what differs with ALTER TABLE, or delete the statement; leave out IF NOT EXISTS in what runs in a transaction"
)


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, "create_stmt"):
        relation = place(step, effect, tree.create_stmt.relation)
        there = find(step.before, relation) is not None and relation not in made_here(step)
        if tree.create_stmt.if_not_exists and there:
            yield about(
                NAME,
                effect,
                f"{relation} is there already: the statement did nothing, whatever columns it names",
                _SAFE,
                relation=relation,
                severity="warning",
            )
    for effect, command, relation in alterations(step):
        name = getattr(command, "def").column_def.colname
        adds = command.subtype == pg_query_pb2.AT_AddColumn and command.missing_ok
        if adds and column(step.before, relation, name) is not None:
            yield about(
                NAME,
                effect,
                f"{relation}.{name} is there already: the command did nothing, whatever type it names",
                _SAFE,
                relation=relation,
                severity="warning",
            )
    for effect, tree in statements(step, "index_stmt"):
        index = tree.index_stmt
        if index.if_not_exists and index.idxname:
            yield from _other_index(step, effect, index)


def _other_index(step: Step, effect: Effect, index: pg_query_pb2.IndexStmt) -> Iterator[Finding]:
    """The index of that name leads with another column, or is another table's."""
    relation = place(step, effect, index.relation)
    schema = split_name(relation)[0]
    wanted = index.index_params[0].index_elem.name
    for table, known in indexes(step.before).items():
        for item in known:
            if item.name != index.idxname or table[0] != schema or item.name in _dropped(step):
                continue
            # an expression is spelt in many ways
            comparable = bool(wanted) and column(step.before, relation, item.terms[0]) is not None
            if ".".join(table) != relation or (comparable and item.terms[0] != wanted):
                yield about(
                    NAME,
                    effect,
                    f"the index {item.name} is there already, over something else: the statement did nothing",
                    _SAFE,
                    relation=relation,
                    severity="warning",
                )


def _dropped(step: Step) -> frozenset[str]:
    """Indexes that the step itself takes away."""
    return frozenset(
        object_name(item).rpartition(".")[2]
        for _, tree in statements(step, "drop_stmt")
        if tree.drop_stmt.remove_type == pg_query_pb2.OBJECT_INDEX
        for item in tree.drop_stmt.objects
    )


RULE = Rule(NAME, "IF NOT EXISTS found something there and did nothing.", judge, "warning")
