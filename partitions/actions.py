"""What a plan consists of: steps that change something, and words on what is left alone. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..schema.core.partitioning import Child, RangePartitions
from ..schema.core.quote import qualified


@dataclass(frozen=True, slots=True)
class Table:
    """A table by oid and name."""

    oid: int
    schema: str
    name: str

    def __str__(self) -> str:
        return qualified(self.name) if self.schema == "public" else qualified(self.schema, self.name)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key of its own right (none that a partition inherits).

    `indexed` says whether a valid index of the referencing table begins with its columns, in any order.
    """

    oid: int
    name: str
    table: Table
    columns: tuple[str, ...]
    referred: Table
    referred_columns: tuple[str, ...]
    indexed: bool

    def __str__(self) -> str:
        return f"{self.name} of {self.table}"


@dataclass(frozen=True, slots=True)
class Finalize:
    """Finish a detach that was broken off."""

    parent: Table
    leaf: Table
    bound: str
    lower: datetime | None = None
    upper: datetime | None = None

    def __str__(self) -> str:
        return f"finish the detach of {self.leaf} from {self.parent}"


@dataclass(frozen=True, slots=True)
class Create:
    """Make a partition and attach it. `leftover` is a table of its name that a killed run made and did not attach.

    With a `default` partition rows of the range may be there, and are moved first.
    """

    parent: Table
    child: Child
    key: str | None
    leftover: int | None = None
    default: Table | None = None

    def __str__(self) -> str:
        return f"create {qualified(self.child.name)} of {self.parent} {self.child.bound}"


@dataclass(frozen=True, slots=True)
class Drain:
    """Move the rows of a DEFAULT partition into partitions of their own."""

    parent: Table
    default: Table | None
    policy: RangePartitions
    now: datetime

    def __str__(self) -> str:
        if self.default is None:
            return f"clear up after a drain of {self.parent}"
        return f"move the rows of {self.default} into partitions of their own"


@dataclass(frozen=True, slots=True)
class Attach:
    """Attach again what was detached and is inside its retention (again)."""

    parent: Table
    leaf: Table
    child: Child

    def __str__(self) -> str:
        return f"attach {self.leaf} to {self.parent} again {self.child.bound}"


@dataclass(frozen=True, slots=True)
class Detach:
    """End a partition whose rows are past their retention since `cutoff`."""

    parent: Table
    leaf: Table
    bound: str
    lower: datetime | None
    upper: datetime | None
    cutoff: datetime
    concurrently: bool

    def __str__(self) -> str:
        how = " concurrently" if self.concurrently else ""
        return f"detach {self.leaf} from {self.parent}{how}"


@dataclass(frozen=True, slots=True)
class DropForeignKey:
    """Drop a foreign key of a detached leaf: DROP TABLE would lock the table that it refers to."""

    parent: Table
    leaf: Table
    key: ForeignKey

    def __str__(self) -> str:
        return f"drop foreign key {qualified(self.key.name)} of {self.leaf}"


@dataclass(frozen=True, slots=True)
class Drop:
    """Drop a detached leaf whose grace period is over."""

    parent: Table
    leaf: Table
    bound: str
    lower: datetime | None
    upper: datetime | None

    def __str__(self) -> str:
        return f"drop {self.leaf}, once of {self.parent}"


@dataclass(frozen=True, slots=True)
class Skip:
    """Something is left alone, and that is as it should be for now."""

    parent: Table
    subject: str
    reason: str

    def __str__(self) -> str:
        return f"{self.subject} stays: {self.reason}"


@dataclass(frozen=True, slots=True)
class Refuse:
    """The policy cannot be carried out until somebody has done something: `next_step`.

    `protects` says that going on could lose data.
    """

    parent: Table
    subject: str
    reason: str
    next_step: str
    protects: bool = False

    def __str__(self) -> str:
        return f"{self.subject} {self.reason}"


Step = Finalize | Drain | Create | Attach | Detach | DropForeignKey | Drop
Action = Step | Skip | Refuse


def steps(plan: tuple[Action, ...]) -> tuple[Step, ...]:
    """The actions that change something."""
    return tuple(action for action in plan if not isinstance(action, Skip | Refuse))
