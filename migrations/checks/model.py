"""What rules are given and what they give: steps of a history, findings, and the rule itself. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ...schema.core.catalog import Catalog, Key
from .effects import Effect

Severity = Literal["error", "warning", "note"]
"""An error fails the check; a warning and a note are told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a check found: which check or rule, where (`file:line`, or a database and an object), what, and what
    to do. `observed` is what PostgreSQL showed, `statement` the SQL that it is about, `relation` the table.
    """

    check: str
    where: str
    message: str
    next_step: str
    severity: Severity = "error"
    revision: str | None = None
    statement: str | None = None
    observed: str | None = None
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One revision, run in one direction, with the catalog before and after it.

    `file` is its source; `unseen` says why what it does could not be observed, None when it was. `without_rows` are
    tables into which no row could be put beforehand, with PostgreSQL's reason: rewrites of them do not show.
    `refused` are statements that failed because of rows made up for the check, before the revision ran without them.
    """

    revision: str
    direction: Literal["up", "down"]
    file: str
    effects: tuple[Effect, ...]
    before: Catalog
    after: Catalog
    unseen: str | None = None
    without_rows: tuple[tuple[str, str], ...] = ()
    refused: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class SequenceUse:
    """How far a sequence has counted from `start` to `end`: its own limit, or that of the `column` it feeds
    (`schema.table.column`, None where it feeds none) if that comes first.
    """

    start: int
    last: int
    end: int
    column: str | None = None

    @property
    def share(self) -> float:
        """How much of its numbers is given out, from 0 to 1; more where the column ends before the sequence does."""
        return (self.last - self.start) / ((self.end - self.start) or 1)


@dataclass(frozen=True, slots=True)
class TableStatistics:
    """How large a table is where it matters: rows, bytes with its indexes, rows written a second (None: not known).

    Sequences have an entry too, for what they have counted.
    """

    rows: float
    bytes: int = 0
    writes: float | None = None
    sequence: SequenceUse | None = None


@dataclass(frozen=True, slots=True)
class Final:
    """The database at head: its catalog, and what a catalog does not say.

    `leaky` are the functions and operators that a row level security policy applies to columns of its table although
    they are not leakproof, by the policy's key; `partition_policies` the partitioned tables that have a declared
    policy, None where declarations are not known; `tenants` the tables whose rows belong to a tenant, as
    `schema.table`.
    """

    catalog: Catalog
    leaky: Mapping[Key, tuple[str, ...]] = field(default_factory=dict[Key, tuple[str, ...]])
    partition_policies: frozenset[str] | None = None
    tenants: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Context:
    """What else a rule may ask for.

    `runner_sets_timeouts`: the tool that runs the migrations gives every statement a lock timeout and tries again
    (Airside does). `statistics` are keyed by `schema.table`; empty when nobody gave any.
    """

    runner_sets_timeouts: bool = False
    statistics: Mapping[str, TableStatistics] = field(default_factory=dict[str, TableStatistics])
    major: int = 17


Judge = Callable[[Step, Context], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: one file in `rules/`, one page in `docs/rules/`, both under its name.

    `judge` looks at one step and gives a finding for each fault. `directions` are those it is asked for: what a down
    does while a release is taken back is as dangerous, but drops and losses are its purpose.
    """

    name: str
    summary: str
    judge: Judge
    severity: Severity = "error"
    directions: tuple[Literal["up", "down"], ...] = ("up",)


@dataclass(frozen=True, slots=True)
class FinalRule:
    """A rule about what is there at head, whichever revision made it; else like `Rule`."""

    name: str
    summary: str
    judge: Callable[[Final, Context], Iterable[Finding]]
    severity: Severity = "warning"


def about(
    rule: str, effect: Effect, message: str, safe: str, *, relation: str | None = None, observed: str | None = None,
    severity: Severity = "error",
) -> Finding:  # fmt: skip
    """A finding about one statement."""
    return Finding(rule, effect.where, message, safe, severity, effect.revision, effect.sql, observed, relation)
