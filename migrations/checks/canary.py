"""Clients at work while revisions run: how long they stall, what they are told, against the same clients without it.

Each revision runs on a copy of a database with many rows in the tables that it locks, three times: with clients alone;
with a session that has read those tables and idles in its transaction, for the queue behind it is what makes an outage;
and with a long transaction that writes. Milliseconds of a scratch server mean nothing elsewhere: what counts is the
ratio to a control without migration, on the same machine a moment before, and the lock timeout that was meant to hold.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import psycopg
from psycopg import sql

from ...server import Scratch, Server, scratch
from .canary_clients import ClientError, Clients, Recording
from .canary_ground import Ground, Trial, TrialFailed
from .model import Finding
from .verdict import findings, is_doubtful
from .workload import Table, tables_of, workload

Variant = Literal["alone", "idle reader", "long transaction"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)
_SETTLE = 0.2


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is to wait for, and what is too long.

    `rows` are held by each table that a revision locks. `seconds` is how long the control runs, and the migrated run
    at least. `held` is how long the reader and the long transaction stand in the way, in seconds. A stall is a finding
    when it is longer than `timeouts` times `lock_timeout` (seconds; what a team lets its clients wait), or longer than
    `ratio` times the control's longest statement and `growth` times the stall on tables with few rows.
    """

    rows: int = 50_000
    seconds: float = 2.0
    held: float = 2.0
    ratio: float = 10.0
    growth: float = 3.0
    timeouts: float = 3.0
    lock_timeout: float = 0.2
    variants: tuple[Variant, ...] = VARIANTS


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of statement without and with the migration."""

    control: Recording
    migrated: Recording

    @property
    def kind(self) -> str:
        return self.migrated.kind

    @property
    def ratio(self) -> float:
        """The longest stall in terms of the control's."""
        return self.migrated.longest / self.control.longest if self.control.longest else 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report's table; times in seconds. `waited`: the longest stall in which a lock was waited for."""

    revision: str
    variant: str
    kind: str
    count: int
    median: float
    longest: float
    waited: float
    control_longest: float
    ratio: float
    errors: tuple[ClientError, ...]


@dataclass(frozen=True, slots=True)
class CanaryReport:
    """What clients met with while one revision ran, under one variant.

    `tables` are those that they worked on, with their rows; `impossible` what was not possible, with the reason.
    `seconds` is how long the revision took. `failure` is why it did not run, None when it did. `gone` are tables that
    lost columns, or all.
    """

    revision: str
    where: str
    variant: Variant
    lines: tuple[Line, ...]
    tables: tuple[tuple[str, int], ...]
    impossible: tuple[tuple[str, str], ...]
    seconds: float = 0.0
    failure: str | None = None
    gone: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()

    def rows(self) -> tuple[Row, ...]:
        """The report as a table."""
        return tuple(
            Row(
                self.revision, self.variant, line.kind, line.migrated.count, line.migrated.median,
                line.migrated.longest, line.migrated.waited, line.control.longest, line.ratio, line.migrated.errors,
            )
            for line in self.lines
        )  # fmt: skip


def canary(
    server: Server,
    database: str,
    trials: Sequence[Trial],
    load: Load | None = None,
    *,
    owner: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[CanaryReport, ...]:
    """Try revisions in turn, beginning with `database` as it is, a scratch database that nobody is connected to.

    It is filled with rows and each revision is applied to it; clients work on copies. `owner` is the copies'. Ends
    early when a revision does not run. Raises what making databases raises.
    """
    load = load or Load()
    reports: list[CanaryReport] = []
    ground = Ground(server, database, load.rows)
    with Clients() as clients:
        for number, trial in enumerate(trials):
            ground.prepare(trial)
            earlier: list[CanaryReport] = []
            for variant in load.variants if ground.tables else ():
                progress(f"{trial.revision}, {variant}")
                control = tuple(line.control for report in earlier[:1] for line in report.lines)
                attempt = _Try(trial, load, variant, control)
                earlier.append(_judged(ground, owner, clients, attempt, tuple(earlier)))
            reports += earlier
            if number + 1 < len(trials) and (failure := _advanced(ground, trial)):
                reports.append(CanaryReport(trial.revision, trial.where, "alone", (), (), (), failure=failure))
                break
    return tuple(reports)


def _judged(
    ground: Ground, owner: str | None, clients: Clients, attempt: _Try, earlier: Sequence[CanaryReport]
) -> CanaryReport:
    """The report with its findings. A stall that is short, but not short enough, is looked at more closely."""
    report = _tried(ground, owner, clients, attempt)
    few = None
    if is_doubtful(report, attempt.load):
        attempt = replace(attempt, control=tuple(line.control for line in report.lines))
        few = _tried(ground, owner, clients, replace(attempt, few=True))
        report = _calmer(report, _tried(ground, owner, clients, attempt))
    return replace(report, findings=tuple(findings(report, attempt.load, earlier, few)))


def _calmer(report: CanaryReport, again: CanaryReport) -> CanaryReport:
    """The report with the shorter wait of two runs for each kind: what a busy machine adds differs from run to run."""
    waits = {line.kind: line.migrated.waited for line in again.lines}
    lines = tuple(
        replace(line, migrated=replace(line.migrated, waited=min(line.migrated.waited, waits.get(line.kind, 0.0))))
        for line in report.lines
    )
    return replace(report, lines=lines)


def _tried(ground: Ground, owner: str | None, clients: Clients, attempt: _Try) -> CanaryReport:
    """The report of one try on a copy; of another one, with fewer rows, where the revision refuses those made up."""
    while True:
        with scratch(ground.server, owner=owner, template=ground.database, label="canary") as copy:
            report, failed = attempt.report(copy, clients, ground)
        if failed is None or attempt.few or not ground.shrink(failed):
            return report


def _advanced(ground: Ground, trial: Trial) -> str | None:
    while True:
        try:
            ground.advance(trial)
        except TrialFailed as failed:
            if not ground.shrink(failed):
                return str(failed)
        else:
            return None


@dataclass(frozen=True, slots=True)
class _Try:
    """One revision under one variant, on tables with many rows or with `few`. Without a `control` it makes one."""

    trial: Trial
    load: Load
    variant: Variant
    control: tuple[Recording, ...] = ()
    few: bool = False

    def report(self, copy: Scratch, clients: Clients, ground: Ground) -> tuple[CanaryReport, TrialFailed | None]:
        with copy.connect() as connection:
            if self.few:
                ground.thin_out(connection)
            work = workload(connection, ground.tables)
            held = tuple((str(table), _estimated(connection, table)) for table in ground.tables)
            columns = _columns(connection, ground.tables)
        clients.connect(copy.server.libpq(copy.name), work.statements)
        control = self.control or self._measured_control(clients)
        migrated, seconds, failed = self._migrated(copy, clients, ground.tables)
        clients.disconnect()
        with copy.connect() as connection:
            gone = frozenset(table for table, _ in columns - _columns(connection, ground.tables))
        report = CanaryReport(
            self.trial.revision,
            self.trial.where,
            self.variant,
            tuple(_lines(control, migrated)),
            held,
            (*ground.impossible.items(), *work.impossible),
            seconds,
            str(failed) if failed else None,
            gone,
        )
        return report, failed

    def _measured_control(self, clients: Clients) -> tuple[Recording, ...]:
        clients.start()
        time.sleep(self.load.seconds)
        return clients.stop()

    def _migrated(
        self, copy: Scratch, clients: Clients, tables: Sequence[Table]
    ) -> tuple[tuple[Recording, ...], float, TrialFailed | None]:
        failure = None
        with self.trial.prepared(copy.server, copy.name) as run, self._in_the_way(copy, tables):
            clients.start()
            time.sleep(_SETTLE)
            began = time.monotonic()
            try:
                run()
            except TrialFailed as failed:
                failure = failed
            seconds = time.monotonic() - began
            time.sleep(max(_SETTLE, self.load.seconds - seconds - _SETTLE))
            return clients.stop(), seconds, failure

    @contextmanager
    def _in_the_way(self, copy: Scratch, tables: Sequence[Table]) -> Generator[None]:
        """A session that keeps others waiting for a while, as the variant has it."""
        if self.variant == "alone":
            yield
            return
        connection = copy.connect(application_name="airside canary in the way")
        timer = threading.Timer(self.load.held + _SETTLE, connection.close)
        try:
            if self.variant == "long transaction":
                # an old snapshot, too: CONCURRENTLY waits for those
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for table in tables:
                connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(table.identifier))
                if self.variant == "long transaction":
                    connection.execute(sql.SQL("LOCK TABLE {} IN ROW EXCLUSIVE MODE").format(table.identifier))
            timer.start()
            yield
        finally:
            timer.cancel()
            connection.close()


def _lines(control: Sequence[Recording], migrated: Sequence[Recording]) -> Iterator[Line]:
    before = {recording.kind: recording for recording in control}
    for recording in migrated:
        yield Line(before.get(recording.kind, Recording(recording.kind)), recording)


def _estimated(connection: psycopg.Connection[Any], table: Table) -> int:
    row = connection.execute(
        "SELECT greatest(c.reltuples, 0)::bigint FROM pg_catalog.pg_class AS c WHERE c.oid = %s::regclass",
        [table.identifier.as_string(connection)],
    ).fetchone()
    return row[0] if row else 0


def _columns(connection: psycopg.Connection[Any], tables: Sequence[Table]) -> set[tuple[str, str]]:
    """Which columns the tables have, by name."""
    found = tables_of(connection, map(str, tables))
    return {(str(table), column.name) for table in found for column in table.columns}
