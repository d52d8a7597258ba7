"""What a system declares so that data can be generated for it. Pure, but for reading the files of its steps.

A system's folder `seeds/generated/<system>/` holds

- `__init__.py` with `system = GeneratedSystem(__file__, ...)`;
- `shared.sql`: functions in pg_temp that its databases share, such as the facts of booking number n (who, when, what,
  how much). Made on each connection after `functions.sql`. Ids and facts are functions of a number, so that every
  database of the system is generated alone and agrees with its siblings;
- `<database>/NN_<step>.sql`: one `INSERT ... SELECT` each, run in the order of their names. The first line says whose
  numbers it is about: `-- airside: per booking`, or `-- airside: per user, as each tenant` (see `Scope`).

A driver is what is counted: `Driver("booking", "bookings")` runs from 0 to what `pg_temp.bookings()` returns. Drivers
run in the order of their declaration; a driver is left out in a database where no step is about it. A batch is
one transaction that runs all steps of a driver for the numbers from `%(lo)s` up to, not including, `%(hi)s`:

    -- airside: per user
    INSERT INTO users (id, ...)
    SELECT pg_temp.id('user', n), ... FROM pg_temp.numbers(%(lo)s, %(hi)s) AS n

Steps run as the owner, with row-level security, triggers and constraints on. Rules for them:

- deterministic: every column that has a default of now(), gen_random_uuid() or a sequence is given, nothing depends on
  now(), random() or what other rows hold. Sequences behind the columns are moved on by the engine after each batch.
- a column that a trigger fills at run time is declared `Undigested` with the reason;
- arguments of the functions are columns, not long expressions, for the planner puts a function in line only then; a
  subquery that computes facts ends in OFFSET 0, or it is computed again wherever it is used;
- `mod(a, b)` instead of the operator, and a per cent sign in a literal is written twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import LiteralString

from ...schema.core.errors import DeclarationError
from ...schema.core.sql import query

FOLDER = Path(__file__).parent

_HEADER = re.compile(r"-- airside: per (\w+)(?:, as each (\w+))?\n")
_COLUMNS = re.compile(r"(\w+)\.(\w+)\((\w+(?:, \w+)*)\)\Z")


@dataclass(frozen=True, slots=True)
class Driver:
    """Numbers from 0 up to what the function `pg_temp.<count>()` returns, `batch` of them a transaction.

    The count may depend on pg_temp.scale(), since() and until() only.
    """

    name: str
    count: str
    batch: int = 2000


@dataclass(frozen=True, slots=True)
class Scope:
    """For tables whose policies bind the owner too: a step with `as each <name>` runs once for each value that the
    function `pg_temp.<values>()` (SETOF text) returns, with `setting` set to it, and filters by that value itself.
    So are the rows of such tables counted and compared afterwards.
    """

    name: str
    setting: str
    values: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a table, written `database.table(column, column)`."""

    database: str
    table: str
    columns: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Columns:
        """Raises DeclarationError for another spelling."""
        found = _COLUMNS.match(text)
        if found is None:
            raise DeclarationError(f"{text!r} names no columns", next_step="write it like `shop_db.orders(user_id)`")
        return cls(found[1], found[2], tuple(found[3].split(", ")))

    def __str__(self) -> str:
        return f"{self.database}.{self.table}({', '.join(self.columns)})"


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference that no foreign key holds, mostly across databases. `where` is an SQL condition on the child row.

    A row with NULL in one of the columns refers to nothing.
    """

    child: Columns
    parent: Columns
    where: LiteralString = "true"

    @classmethod
    def of(cls, child: str, parent: str, where: LiteralString = "true") -> Reference:
        return cls(Columns.of(child), Columns.of(parent), where)

    def __str__(self) -> str:
        return f"{self.child} -> {self.parent}"


@dataclass(frozen=True, slots=True)
class Undigested:
    """Columns that digests leave out, as they differ from run to run, and why: `database.table(column, column)`."""

    columns: str
    because: str


@dataclass(frozen=True, slots=True)
class Step:
    """One INSERT, the driver it is about, and whether it runs once for each value of the scope."""

    name: str
    driver: str
    scoped: bool
    sql: LiteralString


@dataclass(frozen=True)
class GeneratedSystem:
    """How the data of a system is made. `origin` is the `__file__` of the declaring module.

    `horizon_days` says for a database how many days after `until` its partitioned rows may lie.
    """

    origin: str
    drivers: tuple[Driver, ...]
    scope: Scope | None = None
    horizon_days: Mapping[str, int] = field(default_factory=dict[str, int])
    references: tuple[Reference, ...] = ()
    undigested: tuple[Undigested, ...] = ()

    @property
    def folder(self) -> Path:
        return Path(self.origin).parent

    @property
    def name(self) -> str:
        return self.folder.name

    def shared(self) -> LiteralString:
        return query(self.folder, "shared")

    def steps(self, database: str) -> tuple[Step, ...]:
        """The steps of a database, in order. Raises DeclarationError when a file lacks its first line."""
        folder = self.folder / database
        return tuple(self._step(folder, file.stem) for file in sorted(folder.glob("*.sql")))

    def _step(self, folder: Path, name: str) -> Step:
        text = query(folder, name)
        header = _HEADER.match(text)
        drivers = [driver.name for driver in self.drivers]
        scope = self.scope.name if self.scope else None
        if header is None or header[1] not in drivers or header[2] not in (None, scope):
            raise DeclarationError(
                "the first line does not say what the step is about",
                where=f"{folder / name}.sql:1",
                next_step=f"write `-- airside: per {' | '.join(drivers)}`",
            )
        return Step(name, header[1], header[2] is not None, text)

    def drivers_of(self, database: str) -> tuple[Driver, ...]:
        used = {step.driver for step in self.steps(database)}
        return tuple(driver for driver in self.drivers if driver.name in used)

    def undigested_columns(self, database: str, table: str) -> frozenset[str]:
        """The columns that the digest of a table leaves out."""
        named = (Columns.of(entry.columns) for entry in self.undigested)
        return frozenset(column for n in named if (n.database, n.table) == (database, table) for column in n.columns)

    def recipe(self, database: str) -> str:
        """A checksum of everything that the rows of a database come from: another one makes other rows."""
        texts = [query(FOLDER, "functions"), self.shared(), *(step.sql for step in self.steps(database))]
        batches = [f"{driver.name} {driver.count}" for driver in self.drivers_of(database)]
        return hashlib.sha256("\0".join([*texts, *batches]).encode()).hexdigest()[:16]
