"""One partition to one Parquet file: fenced, copied from one snapshot, read back, recorded. Nothing is dropped here.

A manifest makes an archive, and it is written last. Before it stands there the ledger knows which files are being
written, so that the next run after a kill takes an archive that is whole as it is, and clears away one that is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from secrets import token_hex
from typing import Any, Literal

import psycopg

from ...schema.core.database import Database
from ...schema.core.errors import Refused
from ...schema.core.patience import Patience
from ...server import Server
from .columns import Column, read_columns
from .copying import Copied, copy
from .fence import fence
from .ledger import Archive, NewArchive, advance, archives, ensure_archives, record
from .manifest import ENDING, FORMAT, FileColumn, Manifest, schema_digest, sha256_of
from .parquet import Examined, complaints, examine
from .source import Source, attached, content, leased, session
from .store import UNFINISHED, Store, file_name, open_store
from .verify import located, unharmed

GRACE = timedelta(days=7)
"""How long a detached partition stays after its archive was verified, where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an export is: rows of `leaf` that have been copied or read back. An observer may sleep, to throttle."""

    leaf: str
    phase: Literal["copying", "reading back"]
    rows: int


Observer = Callable[[Progress], None]


def export_leaf(
    server: Server,
    database: Database,
    source: Source,
    url: str,
    *,
    patience: Patience,
    observer: Observer | None = None,
    grace: timedelta = GRACE,
) -> Archive:
    """Archive a partition as Parquet below `url` and prove it; the line of the ledger, whose state is `verified`.

    An attached partition is only read, and may still change: once it is detached, call this again. A detached one is
    fenced first. Where a verified archive holds exactly what the partition holds, that one is returned and nothing is
    written; else a new one supersedes it. From then on `grace` runs until it may be dropped.

    Raises Refused (exit 4) when the file does not say what PostgreSQL says, EnvironmentProblem when the target cannot
    be written, LockNotAcquired.
    """
    store = open_store(url)
    with session(server, database) as connection:
        ensure_archives(connection)
        with leased(connection, source.oid, patience.budget, where=source.where):
            if not attached(connection, source):
                fence(connection, source, patience)
            job = _Job(server, database, source, store, connection, observer or _nobody)
            until = datetime.now(UTC) + grace
            return job.known(until) or job.exported(until)


def _nobody(_: Progress) -> None: ...


@dataclass(frozen=True, slots=True)
class _Job:
    server: Server
    database: Database
    source: Source
    store: Store
    connection: psycopg.Connection[Any]
    observer: Observer

    @property
    def folder(self) -> str:
        source = self.source
        return f"{file_name(self.database.name)}/{file_name(f'{source.schema}.{source.table}')}"

    def known(self, until: datetime) -> Archive | None:
        """The archive that holds what the partition holds at this moment; what a killed run left is settled."""
        lines = archives(self.connection, leaf_oid=self.source.oid, states=("copied", "verified"), target="parquet")
        if not lines:
            return None
        line = lines[-1]
        try:
            _, manifest = unharmed(line)
        except Refused as reason:
            self._give_up(line, str(reason))
            return None
        now = content(self.connection, self.source.identifier, read_columns(self.connection, self.source.oid))
        if (now.rows, now.digest) != (manifest.rows, manifest.digest):
            return None
        if line.state == "copied":
            advance(self.connection, line.id, "verified", grace_until=until)
        return archives(self.connection, leaf_oid=self.source.oid, states=("verified",))[-1]

    def _give_up(self, line: Archive, reason: str) -> None:
        advance(self.connection, line.id, "failed", details={"reason": reason})
        store, name = located(line.location)
        if line.state == "copied" and not store.exists(name):
            # without a manifest it has never been an archive, and the partition is still there
            store.remove(str(line.details["file"]))
            store.remove(name + UNFINISHED)

    def exported(self, until: datetime) -> Archive:
        mine = self._mine()
        self._clear_unfinished(mine)
        draft = f"{self.folder}/{mine}{token_hex(4)}.parquet"
        copied = copy(self.server, self.database, self.source, self.connection, self.store, draft, self._copying)
        found = examine(self.store, draft + UNFINISHED, copied.columns, copied.awkward, self._reading_back)
        sha256, size = self.store.sha256(draft + UNFINISHED)
        manifest = self._described(copied, found, self._free(sha256), sha256, size)
        wrong = complaints(manifest, found)
        if wrong or sha256 != copied.sha256 or found.content_digest != copied.content_digest:
            self.store.remove(draft + UNFINISHED)
            raise Refused(
                f"the file does not say what PostgreSQL says: {'; '.join(wrong) or 'its bytes changed on the way'}",
                where=self.source.where,
                next_step="nothing was dropped; run the command again, to another target if it comes back",
            )
        return self._published(draft, manifest, until)

    def _mine(self) -> str:
        """How the names of our unfinished files begin: a clone of the database may write to the same folder."""
        row = self.connection.execute("SELECT system_identifier FROM pg_catalog.pg_control_system()").fetchone()
        assert row is not None
        return f"{file_name(self.source.leaf)}.{row[0]}-{self.source.oid}."

    def _clear_unfinished(self, mine: str) -> None:
        for path in self.store.files(UNFINISHED, self.folder):
            if path.rpartition("/")[2].startswith(mine):
                self.store.remove(path)

    def _copying(self, rows: int) -> None:
        self.observer(Progress(self.source.leaf, "copying", rows))

    def _reading_back(self, rows: int) -> None:
        self.observer(Progress(self.source.leaf, "reading back", rows))

    def _free(self, sha256: str) -> str:
        """The name of the file. The same rows may have been archived before, by a clone of the database or before they
        were restored: those files stay as they are."""
        stem = f"{file_name(self.source.leaf)}.{sha256[:12]}"
        number, name = 1, stem
        while any(self.store.exists(f"{self.folder}/{name}{ending}") for ending in (".parquet", ENDING)):
            number += 1
            name = f"{stem}.{number}"
        return f"{name}.parquet"

    def _superseded(self) -> tuple[Archive, ...]:
        """The archives whose place the new one takes: of this partition, also of before it was restored."""
        table = (self.source.schema, self.source.table)
        return tuple(
            line
            for line in archives(self.connection, table=table, states=("verified", "restored"), target="parquet")
            if self.source.oid == (line.leaf_oid if line.state == "verified" else line.details.get("restored_oid"))
        )

    def _described(self, copied: Copied, found: Examined, file: str, sha256: str, size: int) -> Manifest:
        source = self.source
        return Manifest(
            format=FORMAT,
            system_identifier=copied.system_identifier,
            database=self.database.name,
            schema=source.schema,
            table=source.table,
            leaf=source.leaf,
            leaf_oid=source.oid,
            key=source.key,
            lower=source.lower.isoformat() if source.lower else None,
            upper=source.upper.isoformat() if source.upper else None,
            lower_key=source.fine[0],
            upper_key=source.fine[1],
            file=file,
            rows=copied.rows,
            row_groups=found.row_groups,
            columns=tuple(_described(column, copied) for column in copied.columns),
            schema_digest=schema_digest(copied.columns),
            digest=copied.digest,
            content_digest=copied.content_digest,
            sha256=sha256,
            size=size,
            server_version=self.connection.info.parameter_status("server_version") or "",
            server_major=self.server.major,
            airside_version=version("airside"),
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            supersedes=tuple(line.location.rpartition("/")[2] for line in self._superseded()),
        )

    def _published(self, draft: str, manifest: Manifest, until: datetime) -> Archive:
        source = self.source
        data = f"{self.folder}/{manifest.file}"
        name = data.removesuffix(".parquet") + ENDING
        text = manifest.to_bytes()
        with self.connection.transaction():
            for line in archives(self.connection, leaf_oid=source.oid, states=("copied", "verified"), target="parquet"):
                advance(self.connection, line.id, "failed", details={"reason": "superseded", "by": manifest.file})
            number = record(
                self.connection,
                NewArchive(
                    schema=source.schema,
                    table=source.table,
                    leaf_schema=source.leaf_schema,
                    leaf=source.leaf,
                    leaf_oid=source.oid,
                    target="parquet",
                    location=self.store.shown(name),
                    rows=manifest.rows,
                    lower=source.lower,
                    upper=source.upper,
                    digest=manifest.digest,
                    sha256=sha256_of(text),
                    size=manifest.size,
                    details={"file": manifest.file, "content_digest": manifest.content_digest},
                ),
            )
        self.store.finish(draft, data)
        self.store.write(name, text)
        advance(self.connection, number, "verified", grace_until=until)
        return archives(self.connection, leaf_oid=source.oid, states=("verified",), target="parquet")[-1]


def _described(column: Column, copied: Copied) -> FileColumn:
    return FileColumn.of(column, column.carrier(copied.awkward), copied.statistics[column.name])
