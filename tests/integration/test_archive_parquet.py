"""A partition to a Parquet file and back: every type, awkward values, and nothing lost or doubled on the way."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest
from airside.migrations.leaves import without_leaves
from airside.partitions.archive import restore as module
from airside.partitions.archive.drop import drop_archived
from airside.partitions.archive.export import export_leaf
from airside.partitions.archive.ledger import held
from airside.partitions.archive.restore import changed_since, restore
from airside.partitions.archive.source import session
from airside.partitions.archive.verify import located, manifests, verify, whole_manifest
from airside.schema.core import Database
from airside.schema.core.catalog import inspect
from airside.schema.core.errors import Refused
from airside.server import Server
from psycopg import sql

from .archive_ground import detach, fill, ground, holds, patience, source

NOW = timedelta(0)


@pytest.fixture
def zoo(server: Server, database: str) -> Iterator[Database]:
    with ground(server, database) as made:
        yield made


@pytest.fixture(scope="module")
def small_zoo(server: Server) -> Iterator[Database]:
    """One for all the awkward values, each in a partition of its own turn."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    with ground(server, name, rows=1) as made:
        yield made


def test_every_type_there_and_back(server: Server, zoo: Database, tmp_path: Path) -> None:
    before = holds(server, zoo)
    leaf = source(server, zoo)
    archive = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    assert (archive.state, archive.row_count, archive.digest) == ("verified", before.rows, before.digest)
    store, name = located(archive.location)
    assert verify(store, name, sha256=archive.manifest_sha256).problems == ()

    detach(server, zoo, leaf)
    again = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    assert again.id == archive.id
    drop_archived(server, zoo, again, patience=patience())
    done = restore(server, zoo, store, name, patience=patience(), sha256=archive.manifest_sha256)
    assert (done.attached_to, done.rows, done.again) == ("zoo", before.rows, False)
    assert holds(server, zoo) == before
    assert restore(server, zoo, store, name, patience=patience()).again
    beside = restore(server, zoo, store, name, patience=patience(), as_table=("public", "zoo_copy"))
    assert beside.attached_to is None
    with session(server, zoo) as connection:
        assert connection.execute(
            "SELECT count(*) FROM (SELECT * FROM public.zoo_copy AS a WHERE NOT EXISTS"
            " (SELECT FROM public.zoo_2024_01 AS b WHERE a::text = b::text)) AS missing"
        ).fetchone() == (0,)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("plain_moment", "infinity"),
        ("plain_moment", "-infinity"),
        ("plain_moment", "20000-01-01 00:00:00.000001"),
        ("plain_moment", "4713-01-01 00:00:00 BC"),
        ("day", "infinity"),
        ("day", "5874897-12-31"),
        ("day", "0044-03-15 BC"),
        ("clock", "24:00"),
        ("amount", "NaN"),
        ("loose", "NaN"),
        ("loose", "-Infinity"),
        ("loose", "1.0000000000000000000000000000000000000000000000000000000"),
        ("double", "NaN"),
        ("double", "-Infinity"),
        ("double", "-0"),
        ("double", "5e-324"),
        ("single", "3.4028235e+38"),
        ("numbers", "{{1,2},{3,4}}"),
        ("numbers", "[0:1]={1,2}"),
        ("numbers", "{}"),
        ("moments", "{infinity,NULL}"),
        ("bytes", "\\x00ff5c"),
        ("anycase", "ÀÉ"),
        ("document", '{"n": 1.000, "big": 123456789012345678901234567890}'),
        ("cash", "-92233720368547758.08"),
        ("length_of_time", "-1 years 2 mons -3 days 04:05:06.000007"),
        ("short", ""),
        ("fixed", "   "),
    ],
)
def test_awkward_values_survive(server: Server, small_zoo: Database, tmp_path: Path, column: str, value: str) -> None:
    with session(server, small_zoo) as connection:
        name = sql.Identifier(column)
        table = sql.Identifier("public", "zoo_2024_02")
        connection.execute(sql.SQL("TRUNCATE {}").format(table))
        connection.execute(
            sql.SQL("INSERT INTO public.zoo (id, created_at, {}) VALUES (gen_random_uuid(), '2024-02-02', {})").format(
                name, sql.Literal(value)
            )
        )
        text = sql.SQL("SELECT {}::text FROM {}").format(name, table)
        expected = connection.execute(text).fetchone()
        assert expected is not None
    leaf = source(server, small_zoo, "zoo_2024_02")
    archive = export_leaf(server, small_zoo, leaf, str(tmp_path), patience=patience())
    store, manifest = located(archive.location)
    copy = f"copy_{uuid.uuid4().hex[:8]}"
    restore(server, small_zoo, store, manifest, patience=patience(), as_table=("public", copy))
    with session(server, small_zoo) as connection:
        again = sql.SQL("SELECT {}::text FROM {}").format(name, sql.Identifier("public", copy))
        assert connection.execute(again).fetchone() == expected


def test_native_types_in_the_file(server: Server, zoo: Database, tmp_path: Path) -> None:
    archive = export_leaf(server, zoo, source(server, zoo), str(tmp_path), patience=patience())
    store, name = located(archive.location)
    schema = pq.read_schema(Path(store.root) / whole_manifest(store, name).file)
    found = {field.name: str(field.type) for field in schema}
    assert found["created_at"] == "timestamp[us, tz=UTC]"
    assert found["amount"] == found["cost"] == "decimal128(12, 2)"
    assert found["wide"] == "decimal128(38, 10)"
    assert found["loose"] == found["widest"] == found["mood"] == found["address"] == "string"
    assert found["numbers"] == "list<element: int32>"
    assert found["day"] == "date32[day]"
    assert schema.field("mood").metadata[b"PostgreSQL:type"] == b"public.mood"


def test_an_empty_partition(server: Server, zoo: Database, tmp_path: Path) -> None:
    leaf = source(server, zoo, "zoo_2024_03")
    archive = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    assert archive.row_count == 0
    detach(server, zoo, leaf)
    drop_archived(server, zoo, archive, patience=patience())
    store, name = located(archive.location)
    assert restore(server, zoo, store, name, patience=patience()).rows == 0


def test_to_another_place_than_a_folder(server: Server, zoo: Database) -> None:
    place = f"memory://archive-{uuid.uuid4().hex[:8]}/deep"
    archive = export_leaf(server, zoo, source(server, zoo), place, patience=patience())
    assert archive.location.startswith(place)
    ((store, name),) = manifests(place)
    assert verify(store, name, sha256=archive.manifest_sha256).problems == ()
    assert not list(store.files(".tmp"))


def test_rows_that_come_while_attached_make_a_new_archive(server: Server, zoo: Database, tmp_path: Path) -> None:
    leaf = source(server, zoo)
    first = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    fill(server, zoo, 1)
    detach(server, zoo, leaf)
    with pytest.raises(Refused, match="came or changed"):
        drop_archived(server, zoo, first, patience=patience())
    second = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    assert second.row_count == first.row_count + 1
    _, name = located(second.location)
    assert whole_manifest(located(second.location)[0], name).supersedes == (located(first.location)[1],)
    with pytest.raises(Refused, match="no verified archive"):
        drop_archived(server, zoo, first, patience=patience())
    drop_archived(server, zoo, second, patience=patience())


def test_a_fenced_partition_takes_no_rows(server: Server, zoo: Database, tmp_path: Path) -> None:
    leaf = source(server, zoo)
    detach(server, zoo, leaf)
    export_leaf(server, zoo, leaf, str(tmp_path), patience=patience())
    insert = "INSERT INTO public.zoo_2024_01 (id, created_at, counter) VALUES (gen_random_uuid(), '2024-01-05', 1)"
    with server.connect(zoo.name, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.CheckViolation, match="airside_archived"):
            connection.execute(insert)
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(zoo.roles.app)))
        for statement in (insert, "DELETE FROM public.zoo_2024_01"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        assert connection.execute("SELECT count(*) > 0 FROM public.zoo_2024_01").fetchone() == (True,)


def test_a_row_between_copy_and_drop_is_kept(server: Server, zoo: Database, tmp_path: Path) -> None:
    leaf = source(server, zoo)
    detach(server, zoo, leaf)
    archive = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    with server.connect(zoo.name, autocommit=True) as connection:
        # somebody takes the fence down
        connection.execute("ALTER TABLE public.zoo_2024_01 DROP CONSTRAINT airside_archived")
        connection.execute(
            "UPDATE public.zoo_2024_01 SET small = 1 WHERE ctid = (SELECT min(ctid) FROM public.zoo_2024_01)"
        )
    with pytest.raises(Refused, match="came or changed"):
        drop_archived(server, zoo, archive, patience=patience())
    assert holds(server, zoo).rows == archive.row_count


def test_nothing_is_dropped_too_early_or_attached(server: Server, zoo: Database, tmp_path: Path) -> None:
    leaf = source(server, zoo)
    archive = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience())
    with pytest.raises(Refused, match="it is kept until"):
        drop_archived(server, zoo, archive, patience=patience())
    later = datetime.now(UTC) + timedelta(days=8)
    with pytest.raises(Refused, match=r"it is a partition still.*archive run"):
        drop_archived(server, zoo, archive, patience=patience(), now=later)
    detach(server, zoo, leaf)
    located(archive.location)[0].remove(f"{whole_manifest(*located(archive.location)).file}")
    with pytest.raises(Refused, match="not there"):
        drop_archived(server, zoo, archive, patience=patience(), now=later)
    assert holds(server, zoo).rows == archive.row_count


def shape(server: Server, zoo: Database) -> list[tuple[str, ...]]:
    """The indexes and constraints of the partition, besides the CHECK that its bound is kept with."""
    with session(server, zoo) as connection:
        return connection.execute(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'public.zoo_2024_01'::regclass"
            " UNION ALL SELECT conname || pg_get_constraintdef(oid) || (conparentid <> 0)::text FROM pg_constraint"
            " WHERE conrelid = 'public.zoo_2024_01'::regclass AND conname <> 'zoo_2024_01_rng' ORDER BY 1"
        ).fetchall()


def test_foreign_keys_and_indexes_come_back(server: Server, zoo: Database, tmp_path: Path) -> None:
    leaf = source(server, zoo)
    before = shape(server, zoo)
    archive = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    detach(server, zoo, leaf)
    drop_archived(server, zoo, archive, patience=patience())
    place = located(archive.location)
    with server.connect(zoo.name, autocommit=True) as connection:
        connection.execute("DELETE FROM public.people WHERE id = 3")
    with pytest.raises(Refused, match="what rows refer to is gone"):
        restore(server, zoo, *place, patience=patience())
    with server.connect(zoo.name, autocommit=True) as connection:
        connection.execute("INSERT INTO public.people VALUES (3)")
    assert restore(server, zoo, *place, patience=patience()).attached_to == "zoo"
    assert shape(server, zoo) == before
    with server.connect(zoo.name, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute("DELETE FROM public.people WHERE id = 3")
        connection.execute("INSERT INTO public.zoo (id, created_at) VALUES (gen_random_uuid(), '2024-01-05')")


def test_what_is_there_is_not_doubled(server: Server, zoo: Database, tmp_path: Path) -> None:
    leaf = source(server, zoo)
    archive = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    place = located(archive.location)
    with pytest.raises(Refused, match="zoo_2024_01 is attached"):
        restore(server, zoo, *place, patience=patience())
    detach(server, zoo, leaf)
    drop_archived(server, zoo, archive, patience=patience())
    with session(server, zoo) as connection:
        connection.execute(
            "CREATE TABLE public.zoo_winter PARTITION OF public.zoo"
            " FOR VALUES FROM ('2023-12-01 00:00+00') TO ('2024-01-02 00:00+00')"
        )
    with pytest.raises(Refused, match="zoo_winter is attached"):
        restore(server, zoo, *place, patience=patience())
    with session(server, zoo) as connection:
        connection.execute("DROP TABLE public.zoo_winter; CREATE TABLE public.zoo_2024_01 (x int)")
    with pytest.raises(Refused, match="another table has the name"):
        restore(server, zoo, *place, patience=patience())


def test_a_partition_that_was_not_dropped_yet_is_attached_again(server: Server, zoo: Database, tmp_path: Path) -> None:
    before, shaped = holds(server, zoo), shape(server, zoo)
    leaf = source(server, zoo)
    detach(server, zoo, leaf)
    archive = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    place = located(archive.location)
    assert restore(server, zoo, *place, patience=patience()).attached_to == "zoo"
    assert restore(server, zoo, *place, patience=patience()).again
    assert source(server, zoo).oid == leaf.oid
    assert (holds(server, zoo), shape(server, zoo)) == (before, shaped)
    fill(server, zoo, 1)
    with pytest.raises(Refused, match="no verified archive"):
        drop_archived(server, zoo, archive, patience=patience())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DROP COLUMN whole", "column whole was dropped"),
        ("ALTER COLUMN short TYPE text", "column short is text and was character varying"),
        ("ADD COLUMN new integer NOT NULL GENERATED ALWAYS AS (1) STORED", None),
        ("ADD COLUMN new integer NOT NULL DEFAULT 5", None),
        ("ADD COLUMN new integer", None),
    ],
)
def test_a_table_that_changed_since(
    server: Server, zoo: Database, tmp_path: Path, change: str, said: str | None
) -> None:
    leaf = source(server, zoo)
    archive = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    detach(server, zoo, leaf)
    drop_archived(server, zoo, archive, patience=patience())
    with session(server, zoo) as connection:
        connection.execute(sql.SQL("ALTER TABLE public.zoo {}").format(sql.SQL(change)))
    place = located(archive.location)
    if said is None:
        assert restore(server, zoo, *place, patience=patience()).added == ("new",)
        return
    with pytest.raises(Refused, match=said):
        restore(server, zoo, *place, patience=patience())
    assert changed_since(server, zoo, whole_manifest(*place))
    assert restore(server, zoo, *place, patience=patience(), as_table=("public", "old")).rows == archive.row_count


def test_a_column_that_cannot_be_empty(server: Server, zoo: Database, tmp_path: Path) -> None:
    leaf = source(server, zoo)
    archive = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    detach(server, zoo, leaf)
    drop_archived(server, zoo, archive, patience=patience())
    with session(server, zoo) as connection:
        connection.execute("TRUNCATE public.zoo; ALTER TABLE public.zoo ADD COLUMN new integer NOT NULL")
    with pytest.raises(Refused, match="column new is new, not NULL and without a default"):
        restore(server, zoo, *located(archive.location), patience=patience())


def test_a_restored_partition_is_left_alone_and_archived_again_later(
    server: Server, zoo: Database, tmp_path: Path
) -> None:
    leaf = source(server, zoo)
    first = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    detach(server, zoo, leaf)
    drop_archived(server, zoo, first, patience=patience())
    restore(server, zoo, *located(first.location), patience=patience())
    again = source(server, zoo)
    with session(server, zoo) as connection:
        assert held(connection, datetime.now(UTC)) == {again.oid}
        assert held(connection, datetime.now(UTC) + timedelta(days=31)) == set()
    second = export_leaf(server, zoo, again, str(tmp_path), patience=patience(), grace=NOW)
    assert second.digest == first.digest
    detach(server, zoo, again)
    drop_archived(server, zoo, second, patience=patience())
    assert restore(server, zoo, *located(second.location), patience=patience()).rows == first.row_count


def test_a_restore_that_was_cut_off_goes_on(
    server: Server, zoo: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = holds(server, zoo)
    leaf = source(server, zoo)
    archive = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    detach(server, zoo, leaf)
    drop_archived(server, zoo, archive, patience=patience())

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "make_ready", cut_off)
        with pytest.raises(KeyboardInterrupt):
            restore(server, zoo, *located(archive.location), patience=patience())
    with server.connect(zoo.name, autocommit=True) as connection:
        catalog = inspect(connection)
        assert "zoo_2024_01" in str(list(catalog))
        # loaded, not attached, and ours: no drift
        assert "zoo_2024_01" not in str(list(without_leaves(connection, catalog)))
    assert restore(server, zoo, *located(archive.location), patience=patience()).attached_to == "zoo"
    assert holds(server, zoo) == before


def test_policies_that_bind_the_owner_hide_nothing_from_a_foreign_key(
    server: Server, zoo: Database, tmp_path: Path
) -> None:
    before = holds(server, zoo)
    leaf = source(server, zoo)
    archive = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    detach(server, zoo, leaf)
    drop_archived(server, zoo, archive, patience=patience())
    with session(server, zoo) as connection:
        connection.execute("ALTER TABLE public.people ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        connection.execute("CREATE POLICY nobody ON public.people USING (false)")
    assert restore(server, zoo, *located(archive.location), patience=patience()).attached_to == "zoo"
    assert holds(server, zoo) == before


@pytest.mark.parametrize("dropped", [False, True])
def test_rows_that_came_back_and_go_again_leave_their_first_archive_as_it_was(
    server: Server, zoo: Database, tmp_path: Path, dropped: bool
) -> None:
    """The same rows make the same file; the manifest of the first one is recorded by its SHA-256."""
    leaf = source(server, zoo)
    export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    detach(server, zoo, leaf)
    first = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    if dropped:
        drop_archived(server, zoo, first, patience=patience())
    restore(server, zoo, *located(first.location), patience=patience(), sha256=first.manifest_sha256, hold=NOW)
    second = export_leaf(server, zoo, source(server, zoo), str(tmp_path), patience=patience())
    assert second.location != first.location
    for archive in (first, second):
        assert verify(*located(archive.location), sha256=archive.manifest_sha256).problems == ()
    store, name = located(second.location)
    assert whole_manifest(store, name).supersedes == (first.location.rpartition("/")[2],)


def test_a_clone_of_the_database_does_no_harm_to_its_archives(server: Server, zoo: Database, tmp_path: Path) -> None:
    first = export_leaf(server, zoo, source(server, zoo), str(tmp_path), patience=patience())
    with session(server, zoo) as connection:
        connection.execute("DELETE FROM airside.archives")
    second = export_leaf(server, zoo, source(server, zoo), str(tmp_path), patience=patience())
    for archive in (first, second):
        assert verify(*located(archive.location), sha256=archive.manifest_sha256).problems == ()
