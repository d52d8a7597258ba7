"""A strong lock is asked for without a limit: while it waits, everybody queues behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postgast import pg_query_pb2

from ...outside import is_concurrent
from ..effects import Effect, Lock, Touched
from ..model import Context, Finding, Rule, Step, about
from ..places import kind_of, made_here, observed, shown, statements

NAME = "missing-lock-timeout"
_LONGEST = 30_000
"""Milliseconds. Whoever waits for a web page has left by then."""
_BY_TEXT = frozenset(
    {"alter_table_stmt", "rename_stmt", "index_stmt", "create_trig_stmt", "truncate_stmt", "drop_stmt"}
)
_SAFE = (
    "SET lock_timeout = '2s' before the first statement that locks (SET LOCAL only inside a transaction), and run the"
    " migration again when it gives up"
)
_DURATION = re.compile(r"\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>us|ms|s|min|h|d)?\s*")
_UNITS = {"us": 0.001, None: 1.0, "ms": 1.0, "s": 1000.0, "min": 60_000.0, "h": 3_600_000.0, "d": 86_400_000.0}


def judge(step: Step, context: Context) -> Iterator[Finding]:
    if context.runner_sets_timeouts:
        yield from _ineffective(step)
        yield from _taken_away(step)
        return
    made = made_here(step)
    timeouts = _by_text(step) if not observed(step) else [effect.lock_timeout for effect in step.effects]
    for at, (effect, timeout) in enumerate(zip(step.effects, timeouts, strict=True)):
        if not _locks(step, effect, made) or 0 < timeout <= _LONGEST:
            continue
        yield about(
            NAME,
            effect,
            f"the statement waits for its lock {_how_long(timeout)}{_history(step, at)}: behind one long query"
            " everybody"
            " else queues up",
            _SAFE,
            observed=shown(effect),
            severity="warning",
        )
        return


def _locks(step: Step, effect: Effect, made: frozenset[str]) -> bool:
    if effect.tree is not None and is_concurrent(effect.tree):
        return False
    if observed(step):
        return any(
            item.taken is not None and item.taken >= _strong(item) and item.is_table and item.relation not in made
            for item in effect.others()
        )
    others = [item for item in effect.others() if item.relation not in made]
    return bool(others) and kind_of(effect) in _BY_TEXT and not _only_validates(effect)


def _strong(item: Touched) -> Lock:
    """From which lock on others queue; whoever reads a materialized view waits for ACCESS EXCLUSIVE alone."""
    return Lock.ACCESS_EXCLUSIVE if item.kind == "m" else Lock.SHARE


def _only_validates(effect: Effect) -> bool:
    return (
        effect.tree is not None
        and kind_of(effect) == "alter_table_stmt"
        and all(
            item.alter_table_cmd.subtype == pg_query_pb2.AT_ValidateConstraint
            for item in effect.tree.alter_table_stmt.cmds
        )
    )


def _how_long(timeout: float) -> str:
    return "as long as it takes" if not timeout else f"up to {timeout / 1000:g} s"


def _history(step: Step, at: int) -> str:
    """Why the timeout that the file sets is not in effect."""
    if step.effects[at].lock_timeout:
        return ""
    before = [effect for effect, _, _ in _settings(step) if effect in step.effects[:at]]
    if before:
        return f" (what {_line(before[-1])} set is not in effect here)"
    after = [effect for effect, _, _ in _settings(step) if effect in step.effects[at:]]
    return f" (lock_timeout is set only after it, in {_line(after[0])})" if after else ""


def _line(effect: Effect) -> str:
    return f"`{' '.join(effect.sql.split())[:60]}`"


def _settings(step: Step) -> Iterator[tuple[Effect, float | None, bool]]:
    """Each change of lock_timeout: to what (milliseconds, None: back to the default), and whether LOCAL."""
    for effect, tree in statements(step, "variable_set_stmt"):
        statement = tree.variable_set_stmt
        if statement.kind == pg_query_pb2.VAR_RESET_ALL:
            yield effect, None, False
        elif statement.name == "lock_timeout":
            yield effect, _milliseconds(statement), statement.is_local
    for effect, tree in statements(step, "select_stmt"):
        for target in tree.select_stmt.target_list:
            call = target.res_target.val.func_call
            words = [item.a_const.sval.sval for item in call.args]
            if call.funcname and call.funcname[-1].string.sval == "set_config" and words[:1] == ["lock_timeout"]:
                yield effect, _of_text(words[1]), call.args[2].a_const.boolval.boolval


def _milliseconds(statement: pg_query_pb2.VariableSetStmt) -> float | None:
    if not statement.args:
        return None
    constant = statement.args[0].a_const
    if not constant.HasField("sval"):
        return float(constant.ival.ival)
    return _of_text(constant.sval.sval)


def _of_text(text: str) -> float | None:
    match = _DURATION.fullmatch(text)
    return float(match["number"]) * _UNITS[match["unit"]] if match else None


def _by_text(step: Step) -> list[float]:
    """The timeout in effect at each statement, as the file sets it."""
    changes = {id(effect): (value or 0.0, local) for effect, value, local in _settings(step)}
    session = 0.0
    local: tuple[int, float] | None = None
    found: list[float] = []
    for effect in step.effects:
        found.append(local[1] if local and local[0] == effect.transaction else session)
        value, is_local = changes.get(id(effect), (0.0, False))
        if id(effect) not in changes:
            continue
        if not is_local:
            session, local = value, None
        elif effect.transactional:
            local = (effect.transaction, value)
    return found


def _ineffective(step: Step) -> Iterator[Finding]:
    for effect, value, local in _settings(step):
        if local and not effect.transactional and value is not None:
            yield about(
                NAME, effect, "SET LOCAL does nothing outside a transaction: PostgreSQL only warns", _SAFE,
                severity="note",
            )  # fmt: skip


def _taken_away(step: Step) -> Iterator[Finding]:
    """Whoever runs the migration sets a timeout, and the file takes it off before a statement that locks."""
    made = made_here(step)
    for effect, value, local in _settings(step):
        if (local and not effect.transactional) or ((value or 0.0) not in (0.0,) and (value or 0.0) <= _LONGEST):
            continue
        following = step.effects[step.effects.index(effect) + 1 :]
        if any(_locks(step, later, made) for later in following):
            yield about(
                NAME, effect, f"statements after it wait for their locks {_how_long(value or 0.0)}: behind one long"
                " query"
                " everybody else queues up", _SAFE, severity="warning",
            )  # fmt: skip
            return


RULE = Rule(NAME, "A strong lock is asked for without a lock_timeout in effect.", judge, "warning")
