"""What a transaction does while it holds locks: told from effects, without a server."""

from __future__ import annotations

from itertools import count

from airside.migrations.checks.effects import Effect, Lock, Touched
from airside.migrations.checks.holding import while_held, writings
from airside.migrations.checks.model import Context, Finding, Step
from airside.migrations.checks.rules import missing_lock_timeout, transaction_control
from airside.schema.core.catalog import Catalog, CatalogObject, Key

_numbers = count(1)
PUBLIC = Key("schema", ("public",))
T = Key("table", ("public", "t"))
OBSERVED = Catalog({PUBLIC: CatalogObject(PUBLIC, {}), T: CatalogObject(T, {})}, 17, "owner")
NOTHING = Catalog({}, 0, "")


def effect(sql: str, *touched: Touched, transaction: int = 1, transactional: bool = True, timeout: int = 0) -> Effect:
    where = f"f.sql:{next(_numbers)}"
    return Effect(sql, where, "1", "up", transaction, transactional, touched, lock_timeout=timeout)


def step(*effects: Effect, catalog: Catalog = OBSERVED) -> Step:
    return Step("1", "up", "f.sql", effects, catalog, catalog)


def locked(lock: Lock, relation: str = "public.t", **more: bool) -> Touched:
    return Touched(relation, "r", taken=lock, held=lock, **more)


ALTER = "ALTER TABLE t ADD COLUMN a int"
UPDATE = "UPDATE t SET a = 1"


def test_a_lock_is_held_from_the_statement_after_it_to_the_end_of_its_transaction() -> None:
    steps = step(
        effect(ALTER, locked(Lock.ACCESS_EXCLUSIVE)),
        effect("SELECT 1"),
        effect("SELECT 2", transaction=2),
    )
    assert [[str(lock.lock) for lock in held] for _, held in while_held(steps)] == [[], ["ACCESS EXCLUSIVE"], []]


def test_weak_locks_and_those_on_what_the_transaction_made_stop_nobody() -> None:
    steps = step(
        effect(UPDATE, locked(Lock.ROW_EXCLUSIVE)),
        effect("CREATE TABLE n (a int)", locked(Lock.ACCESS_EXCLUSIVE, "public.n", created=True)),
        effect("SELECT 1"),
    )
    assert [held for _, held in while_held(steps)] == [(), (), ()]


def test_partitions_count_as_their_parent() -> None:
    child = Touched("public.t_1", "r", taken=Lock.ACCESS_EXCLUSIVE, held=Lock.ACCESS_EXCLUSIVE, root="public.t")
    steps = step(effect(ALTER, locked(Lock.ACCESS_EXCLUSIVE), child), effect("SELECT 1"))
    assert [lock.relation for lock in while_held(steps)[-1][1]] == ["public.t"]


def test_a_write_is_amid_locks_taken_before_it_and_after_it() -> None:
    before = step(effect(ALTER, locked(Lock.ACCESS_EXCLUSIVE)), effect(UPDATE, Touched("public.t", "r", written=3)))
    after = step(effect(UPDATE, locked(Lock.ROW_EXCLUSIVE)), effect(ALTER, locked(Lock.ACCESS_EXCLUSIVE)))
    apart = step(
        effect(UPDATE, locked(Lock.ROW_EXCLUSIVE)), effect(ALTER, locked(Lock.ACCESS_EXCLUSIVE), transaction=2)
    )
    assert [bool(writing.amid) for one in (before, after, apart) for writing in writings(one)] == [True, True, False]


def test_files_alone_tell_of_an_alter_table() -> None:
    named = Touched("public.t", "r")
    steps = step(effect(ALTER, named), effect(UPDATE, named), catalog=NOTHING)
    assert [writing.amid[0].lock for writing in writings(steps)] == [Lock.ACCESS_EXCLUSIVE]


def timeouts(*effects: Effect, catalog: Catalog = OBSERVED, runner: bool = False) -> list[Finding]:
    return list(missing_lock_timeout.RULE.judge(step(*effects, catalog=catalog), Context(runner_sets_timeouts=runner)))


def test_the_timeout_that_counts_is_the_one_in_effect() -> None:
    lock = locked(Lock.ACCESS_EXCLUSIVE)
    assert timeouts(effect(ALTER, lock))
    assert not timeouts(effect(ALTER, lock, timeout=2000))
    assert timeouts(effect(ALTER, lock, timeout=600_000))
    assert not timeouts(effect(ALTER, locked(Lock.SHARE_UPDATE_EXCLUSIVE)))


def test_files_alone_are_followed_through_set_local_and_reset() -> None:
    named = Touched("public.t", "r")

    def told(*sql: str) -> bool:
        return bool(timeouts(*(effect(text, *([named] if text == ALTER else [])) for text in sql), catalog=NOTHING))

    assert told(ALTER)
    assert not told("SET LOCAL lock_timeout = '2s'", ALTER)
    assert told("SET lock_timeout = '2s'", "RESET lock_timeout", ALTER)
    assert told("SET lock_timeout = '2s'", "RESET ALL", ALTER)
    assert told("SET lock_timeout = 0", ALTER)
    assert not told("SELECT set_config('lock_timeout', '1s', false)", ALTER)
    assert told(ALTER, "SET lock_timeout = '2s'", ALTER)


def test_a_runner_that_sets_timeouts_is_only_told_when_a_file_takes_them_off() -> None:
    lock = locked(Lock.ACCESS_EXCLUSIVE)
    assert not timeouts(effect(ALTER, lock), runner=True)
    assert timeouts(effect("SET lock_timeout TO DEFAULT"), effect(ALTER, lock), runner=True)
    assert not timeouts(effect("SET lock_timeout = '1s'"), effect(ALTER, lock), runner=True)


def controls(*sql: str) -> list[str]:
    found = transaction_control.RULE.judge(step(*(effect(text, transactional=False) for text in sql)), Context())
    return [finding.statement or "" for finding in found]


def test_begin_and_commit_match() -> None:
    assert controls("BEGIN", ALTER, "COMMIT") == []
    assert controls("BEGIN", "SAVEPOINT a", "ROLLBACK TO a", "RELEASE a", "COMMIT") == []
    assert controls("BEGIN", ALTER) == ["BEGIN"]
    assert controls("START TRANSACTION", "BEGIN", "COMMIT") == ["BEGIN"]
    assert controls(ALTER, "COMMIT") == ["COMMIT"]
    assert controls("BEGIN", ALTER, "ROLLBACK") == ["ROLLBACK"]
    assert controls("BEGIN", ALTER, "COMMIT AND CHAIN", ALTER, "COMMIT") == []
