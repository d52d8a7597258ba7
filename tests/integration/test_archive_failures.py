"""What goes wrong with archives: full and read-only targets, damaged files, manifests that lie, missing libraries."""

from __future__ import annotations

import errno
import hashlib
import json
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import fsspec
import pyarrow.parquet as pq
import pytest
from airside.partitions.archive.deep import deep
from airside.partitions.archive.export import export_leaf
from airside.partitions.archive.ledger import Archive, archives
from airside.partitions.archive.load import definition
from airside.partitions.archive.restore import restore
from airside.partitions.archive.source import session
from airside.partitions.archive.store import Store
from airside.partitions.archive.verify import located, verify, whole_manifest
from airside.schema.core import Database
from airside.schema.core.errors import EnvironmentProblem, Refused, UsageError
from airside.server import Server
from fsspec.implementations.memory import MemoryFileSystem

from .archive_ground import detach, ground, holds, patience, source


@pytest.fixture
def zoo(server: Server, database: str) -> Iterator[Database]:
    with ground(server, database) as made:
        yield made


class Full(MemoryFileSystem):
    """A place that has room for so many bytes, then for no more."""

    protocol = "full"
    store: ClassVar[dict[str, object]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    room = 0

    def _open(self, path: str, mode: str = "rb", **kwargs: object) -> object:
        file = super()._open(path, mode, **kwargs)
        if "w" in mode:
            write = file.write

            def limited(data: bytes) -> int:
                Full.room -= len(data)
                if Full.room < 0:
                    raise OSError(errno.ENOSPC, "No space left on device")
                return write(data)

            file.write = limited
        return file


fsspec.register_implementation("full", Full, clobber=True)


@pytest.mark.parametrize("room", [0, 4, 10_000, 60_000])
def test_a_full_place(server: Server, zoo: Database, room: int) -> None:
    before = holds(server, zoo)
    Full.room = room
    with pytest.raises(EnvironmentProblem, match="no space is left"):
        export_leaf(server, zoo, source(server, zoo), "full://archive", patience=patience())
    assert holds(server, zoo) == before
    assert not [path for path in Full().find("") if path.endswith((".parquet", ".tmp"))]
    Full.room = 10_000_000
    archive = export_leaf(server, zoo, source(server, zoo), "full://archive", patience=patience())
    assert archive.row_count == before.rows
    assert not [path for path in Full().find("") if path.endswith(".tmp")]
    Full().rm("/", recursive=True)


def test_a_limit_on_the_size_of_files(server: Server, zoo: Database, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(EnvironmentProblem, match="larger than allowed"):
            export_leaf(server, zoo, source(server, zoo), str(tmp_path), patience=patience())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert export_leaf(server, zoo, source(server, zoo), str(tmp_path), patience=patience()).state == "verified"


def test_a_place_that_cannot_be_written(server: Server, zoo: Database) -> None:
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        # not even root may
        export_leaf(server, zoo, source(server, zoo), "/proc/archive", patience=patience())
    with pytest.raises(UsageError, match="cannot be reached"):
        export_leaf(server, zoo, source(server, zoo), "nosuch://archive", patience=patience())
    with session(server, zoo) as connection:
        assert archives(connection) == ()


def _truncated(file: Path, _: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def _one_bit(file: Path, _: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _gone(file: Path, _: Path) -> None:
    file.unlink()


def _no_manifest(_: Path, manifest: Path) -> None:
    manifest.unlink()


def _broken_manifest(_: Path, manifest: Path) -> None:
    manifest.write_text(manifest.read_text()[:-50])


def _lying(key: str, value: object) -> Callable[[Path, Path], None]:
    def lie(_: Path, manifest: Path) -> None:
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {key: value}))

    return lie


def _lying_column(_: Path, manifest: Path) -> None:
    said = json.loads(manifest.read_text())
    next(column for column in said["columns"] if column["name"] == "amount")["statistics"]["sum"] = "1"
    manifest.write_text(json.dumps(said))


def _resealed(_: Path, manifest: Path) -> None:
    """A file with rows of another month, and a manifest whose SHA-256 was made to fit."""
    said = json.loads(manifest.read_text())
    file = manifest.parent / said["file"]
    table = pq.read_table(file)
    pq.write_table(table.slice(1), file)
    said |= {"sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "size": file.stat().st_size}
    manifest.write_text(json.dumps(said))


HARM = {
    "truncated": (_truncated, "bytes instead of"),
    "one bit": (_one_bit, "another SHA-256"),
    "no file": (_gone, "not there"),
    "no manifest": (_no_manifest, "not there"),
    "half a manifest": (_broken_manifest, "no manifest"),
    "rows": (_lying("rows", 7), "rows 429 instead of 7|rows .* instead of 7"),
    "sha256": (_lying("sha256", "0" * 64), "another SHA-256"),
    "format": (_lying("format", 99), "format is 99"),
    "content": (_lying("content_digest", "0" * 64), "content digest"),
    "schema": (_lying("schema_digest", "0" * 64), "columns was changed"),
    "statistics": (_lying_column, "amount: sum"),
    "resealed": (_resealed, "rows .* instead of"),
}


@pytest.fixture
def archived(server: Server, zoo: Database, tmp_path: Path) -> Archive:
    return export_leaf(server, zoo, source(server, zoo), str(tmp_path), patience=patience())


@pytest.mark.parametrize("harm", HARM)
def test_harm_is_found(server: Server, zoo: Database, archived: Archive, harm: str) -> None:
    store, name = located(archived.location)
    manifest = Path(store.root) / name
    act, said = HARM[harm]
    act(Path(store.root) / whole_manifest(store, name).file, manifest)
    # by the place alone
    verdict = verify(store, name)
    assert verdict.problems
    assert re.search(said, "; ".join(verdict.problems)), verdict.problems
    # by the ledger, which knows the manifest
    assert verify(store, name, sha256=archived.manifest_sha256).problems
    with pytest.raises(Refused):
        restore(
            server, zoo, store, name, patience=patience(), sha256=archived.manifest_sha256, as_table=("public", "x")
        )
    with session(server, zoo) as connection:
        assert connection.execute("SELECT to_regclass('public.x')").fetchone() == (None,)


@pytest.mark.parametrize("harm", ["rows", "statistics", "resealed"])
def test_what_was_loaded_is_compared_before_it_stays(
    server: Server, zoo: Database, archived: Archive, harm: str
) -> None:
    store, name = located(archived.location)
    HARM[harm][0](Path(store.root) / whole_manifest(store, name).file, Path(store.root) / name)
    with pytest.raises(Refused, match="not what was archived"):
        restore(server, zoo, store, name, patience=patience(), as_table=("public", "x"))
    with session(server, zoo) as connection:
        assert connection.execute("SELECT to_regclass('public.x')").fetchone() == (None,)


def test_a_digest_that_lies_is_found_by_postgresql(server: Server, zoo: Database, archived: Archive) -> None:
    store, name = located(archived.location)
    manifest = whole_manifest(store, name)
    assert deep(server, zoo, store, manifest, lambda _: None) == ()
    _lying("digest", "1")(Path(), Path(store.root) / name)
    (problem,) = deep(server, zoo, store, whole_manifest(store, name), lambda _: None)
    assert "digest of the rows differs" in problem


@pytest.mark.parametrize("text", ["uuid); DROP TABLE public.zoo; --", "int, x int", "int DEFAULT f()", "int LIMIT 1"])
def test_nothing_of_a_manifest_becomes_sql(archived: Archive, text: str) -> None:
    column = replace(whole_manifest(*located(archived.location)).columns[0], type=text).column
    with pytest.raises(Refused, match="a type that is none"):
        definition([column], where="x")


def test_an_archive_that_was_damaged_is_made_anew_while_the_rows_are_there(
    server: Server, zoo: Database, archived: Archive, tmp_path: Path
) -> None:
    store, name = located(archived.location)
    _truncated(Path(store.root) / whole_manifest(store, name).file, Path())
    leaf = source(server, zoo)
    detach(server, zoo, leaf)
    again = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience())
    assert again.id != archived.id
    assert verify(*located(again.location), sha256=again.manifest_sha256).problems == ()


def test_litter_of_a_killed_run_is_cleared(server: Server, zoo: Database, tmp_path: Path) -> None:
    folder = tmp_path / zoo.name / "public.zoo"
    folder.mkdir(parents=True)
    there = source(server, zoo)
    with session(server, zoo) as connection:
        row = connection.execute("SELECT system_identifier FROM pg_catalog.pg_control_system()").fetchone()
    assert row is not None
    others = {f"zoo_2024_01.1-{there.oid}.ab.parquet.tmp", f"zoo_2024_01.{row[0]}-1.ab.parquet.tmp"}
    for name in (*others, f"zoo_2024_01.{row[0]}-{there.oid}.ab.parquet.tmp"):
        (folder / name).write_bytes(b"half a file")
    export_leaf(server, zoo, there, str(tmp_path), patience=patience())
    assert {path.name for path in folder.iterdir() if path.suffix == ".tmp"} == others


def test_litter_of_a_run_that_was_killed_at_its_manifest_is_cleared(
    server: Server, zoo: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(store: Store, path: str, content: bytes) -> None:
        Path(store.path(f"{path}.tmp")).write_bytes(content[:9])
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", half)
        with pytest.raises(SystemExit):
            export_leaf(server, zoo, source(server, zoo), str(tmp_path), patience=patience())
    export_leaf(server, zoo, source(server, zoo), str(tmp_path), patience=patience())
    assert sorted(path.suffix for path in tmp_path.rglob("zoo*.*")) == [".json", ".parquet"]


def test_without_the_extra() -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from airside.schema.core.errors import AirsideError\n"
        "try:\n    import airside.partitions.archive.export\n"
        "except AirsideError as error:\n    print(error.exit_code, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "3 Parquet archives need pyarrow. Next: pip install 'airside[parquet]'\n"
