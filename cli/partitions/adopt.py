"""`airside partitions adopt`."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ..context import Settings, entries, pass_settings, shared_options, target_argument
from ..output import Record, document, line, note

if TYPE_CHECKING:
    from ...partitions.partman.adopt import Adoption, Set
    from ...partitions.partman.hand import Handed
    from ...schema.core.patience import Patience
    from ...schema.core.registry import Entry
    from ...server import Server


@click.command("adopt")
@target_argument
@click.argument("table")
@click.option("--write", is_flag=True, help="Do it; without this nothing is changed.")
@click.option("--hand-back", is_flag=True, help="The other way: let pg_partman roll TABLE by its declared policy.")
@click.option("--watch", is_flag=True, help="Only show where the two would differ now; exits with 1 when they do.")
@click.option(
    "--lock-wait",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    metavar="SECONDS",
    help="How long to go on trying for locks (60).",
)
@shared_options
@pass_settings
def command(
    settings: Settings, target: str, table: str, write: bool, hand_back: bool, watch: bool, lock_wait: float
) -> int:
    """Take TABLE over from pg_partman, or hand it to pg_partman.

    Prints the policy to declare for a set of pg_partman (4.x or 5.x), and what no policy can say. Once that is
    declared, --write switches pg_partman's automatic maintenance of the table off, so that only one of the two rolls
    it. Partitions are not touched. Exits with 1 when something cannot be carried over.
    """
    if watch and (write or hand_back):
        raise click.UsageError("--watch changes nothing: leave out --write and --hand-back.")
    entry = _one(target)
    server = settings.server()
    now = datetime.now(UTC)
    with _explained(server):
        if watch:
            return _watch(settings, server, entry, table, now)
        patience = _patience(lock_wait)
        if hand_back:
            return _hand_back(settings, server, entry, table, now, patience, write)
        return _adopt(settings, server, entry, table, now, patience, write)


def _one(target: str) -> Entry:
    from ...schema.core.errors import UsageError

    chosen = entries(target)
    if len(chosen) != 1:
        raise UsageError(
            f"{target} means {len(chosen)} databases, and TABLE is in one",
            next_step=f"name it: {chosen[0].target}",
        )
    return chosen[0]


def _patience(lock_wait: float) -> Patience:
    from ...schema.core.locks import LockBudget
    from ...schema.core.patience import Patience

    return Patience(LockBudget(timeout=0.05, deadline=lock_wait))


@contextmanager
def _explained(server: Server) -> Generator[None]:
    """What PostgreSQL refuses, as one line."""
    import psycopg

    from ...schema.core.errors import EnvironmentProblem
    from ...server import translate

    try:
        yield
    except psycopg.Error as error:
        raise translate(error, server) or EnvironmentProblem(
            error.diag.message_primary or type(error).__name__, next_step="see the server's log"
        ) from error


def _watch(settings: Settings, server: Server, entry: Entry, table: str, now: datetime) -> int:
    from ...partitions.partman.adopt import watch

    seen = watch(server, entry.load(), table, now)
    if settings.json:
        document(_record(entry, seen))
    else:
        _print_differences(entry, seen)
    return int(bool(seen.differences))


def _adopt(
    settings: Settings, server: Server, entry: Entry, table: str, now: datetime, patience: Patience, write: bool
) -> int:
    from ...partitions.partman.adopt import adopt

    seen = adopt(server, entry.load(), table, now, patience, write=write)
    if settings.json:
        document(_record(entry, seen))
    elif write:
        done = "taken over from" if seen.taken else "already taken over from"
        line(f"{entry.target}  {table}  {done} pg_partman {seen.set.partman.version}: it no longer rolls it by itself")
        line("from now on: airside partitions roll, and airside partitions expire")
    else:
        _print_policy(entry, seen)
    return 0 if write else int(bool(seen.carried.lost))


def _hand_back(
    settings: Settings, server: Server, entry: Entry, table: str, now: datetime, patience: Patience, write: bool
) -> int:
    from ...partitions.partman.adopt import give_back

    found, handed = give_back(server, entry.load(), table, now, patience, write=write)
    if settings.json:
        document(
            {
                **_head(entry, found),
                "part_config": dict(handed.values),
                "makes_first": list(handed.makes_first),
                "written": write,
            }
        )
    else:
        _print_handed(entry, found, handed, write)
    return 0


def _print_policy(entry: Entry, seen: Adoption) -> None:
    from ...partitions.partman.spell import declaration

    line(f"{entry.target}  {seen.set.table}  {_who_rolls(seen.set)}")
    if seen.carried.policy is not None:
        line("")
        line(declaration(seen.set.ladder.table, seen.carried.policy))
        line("")
    for lost in seen.carried.lost:
        line(f"  not carried over: {lost}")
    for text in seen.carried.notes:
        line(f"  note: {text}")
    if seen.set.declared is not None:
        _print_differences(entry, seen)


def _who_rolls(found: Set) -> str:
    automatic = found.config is not None and found.config.automatic
    return f"pg_partman {found.partman.version} " + ("rolls it" if automatic else "knows it and does not roll it")


def _print_differences(entry: Entry, seen: Adoption) -> None:
    if not seen.differences:
        line(f"{entry.target}  {seen.set.table}  pg_partman and Airside would do the same now")
    for difference in seen.differences:
        line(f"{entry.target}  {seen.set.table}  {difference}")


def _print_handed(entry: Entry, found: Set, handed: Handed, write: bool) -> None:
    said = "handed to" if write else "could be handed to"
    line(f"{entry.target}  {found.table}  {said} pg_partman {found.partman.version}, tried with run_maintenance()")
    for column, value in handed.values.items():
        line(f"  {column} = {value}")
    first = ", ".join(handed.makes_first)
    line(f"  run_maintenance() makes first: {first}" if first else "  run_maintenance() has nothing to make now")
    if not found.in_utc:
        note(
            f"airside: sessions begin in time zone {found.time_zone}; pg_partman bounds partitions in that of its own,"
            f" so run it in UTC: ALTER ROLE ... IN DATABASE {entry.name} SET TimeZone = 'UTC'"
        )


def _head(entry: Entry, found: Set) -> Record:
    return {
        "target": entry.target,
        "table": found.table,
        "pg_partman": found.partman.version,
        "schema": found.partman.schema,
        "time_zone": found.time_zone,
    }


def _record(entry: Entry, seen: Adoption) -> Record:
    from dataclasses import asdict

    from ...partitions.partman.spell import declaration

    policy = seen.carried.policy
    return {
        **_head(entry, seen.set),
        "rolled_by_pg_partman": seen.set.config is not None and seen.set.config.automatic and not seen.taken,
        "policy": asdict(policy) if policy is not None else None,
        "declaration": declaration(seen.set.ladder.table, policy) if policy is not None else None,
        "not_carried_over": list(seen.carried.lost),
        "notes": list(seen.carried.notes),
        "differences": [asdict(difference) for difference in seen.differences],
        "taken_over": seen.taken,
    }
