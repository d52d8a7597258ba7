"""The way from one catalog to another, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from ..compare import Change


@dataclass(frozen=True, slots=True)
class Loss:
    """What a statement takes away for good.

    `kind` is `table`, `column`, `sequence`, `attribute` (dropped with all they hold) or `narrowing` (a column whose new
    type cannot hold every old value); `name` is the dotted name.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        return f"-- airside: data-loss {self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement without its semicolon; `comment` says why it has this form."""

    sql: str
    losses: tuple[Loss, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """Statements that belong together: one transaction, or (CONCURRENTLY) each on its own and re-runnable."""

    transactional: bool
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A difference that is seen and refused, with what to do about it."""

    change: Change
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`before` and `after` are the fingerprints of the two catalogs."""

    stages: tuple[Stage, ...]
    unplanned: tuple[Unplanned, ...]
    before: str
    after: str

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement of every stage, in order."""
        return tuple(statement for stage in self.stages for statement in stage.statements)
