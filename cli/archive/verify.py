"""`airside archive verify`."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from ..context import Settings, entries, pass_settings, shared_options
from ..output import Record, document, line, note
from .found import counting, is_place, manifest_record, recorded
from .words import rows_of

if TYPE_CHECKING:
    from ...partitions.archive.ledger import Archive
    from ...partitions.archive.store import Store
    from ...partitions.archive.verify import Verdict
    from ...schema.core.database import Database
    from ...schema.core.registry import Entry
    from ...server import Server

EXIT_HARMED = 4


@click.command("verify")
@click.argument("where", metavar="TARGET|URL")
@click.option("--deep", "deeply", is_flag=True, help="Also load each into a temporary table; PostgreSQL compares.")
@shared_options
@pass_settings
def command(settings: Settings, where: str, deeply: bool) -> int:
    """Read archives from end to end; say what is wrong.

    The manifest is compared with the ledger (of TARGET), the file with the manifest: SHA-256, columns, rows, content,
    statistics of every column. Of a TARGET also whether each could be a partition of its table again; and whole
    partitions in archive tables and in a second database are read back, and their rows and digest compared with the
    ledger. Exits with 4 when anything is wrong.
    """
    records: list[Record] = []
    code = 0
    try:
        for verdict in _verdicts(settings, where, deeply):
            code = max(code, EXIT_HARMED if verdict.problems else 0)
            records.append(_record(verdict))
            if not settings.json:
                _print(verdict)
    finally:
        if settings.json:
            document({"archives": records})
    if not records and not settings.json:
        line(f"{where}  nothing is archived" + (" in files" if is_place(where) else " as a whole"))
    return code


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was found of an archive in an archive table or a second database."""

    archive: Archive
    problems: tuple[str, ...]


def _verdicts(settings: Settings, where: str, deeply: bool) -> Iterator[Verdict | _Kept]:
    for item in _in_place(where) if is_place(where) else _in_ledger(settings, where):
        yield item if isinstance(item, _Kept) else _judged(settings, item, deeply)


@dataclass(frozen=True, slots=True)
class _Item:
    """An archive to be read, and where its rows came from, as far as that is known."""

    store: Store
    name: str
    sha256: str | None
    rows: int | None
    database: Database | None


def _in_ledger(settings: Settings, target: str) -> Generator[_Item | _Kept]:
    server = settings.server()
    for entry in entries(target):
        for found in recorded(server, entry):
            if found.target == "parquet":
                if found.state not in ("verified", "dropped", "restored"):
                    continue
                from ...partitions.archive.verify import located

                store, name = located(found.location)
                yield _Item(store, name, found.manifest_sha256, found.row_count, entry.load())
            elif found.state in ("verified", "dropped") and not found.details.get("rows"):
                yield _read_back(server, entry, found)


def _read_back(server: Server, entry: Entry, archive: Archive) -> _Kept:
    """Other archives are read all the same where this one is out of reach."""
    from ...partitions.archive.kept import harm
    from ...partitions.archive.source import session
    from ...schema.core.errors import AirsideError

    try:
        with session(server, entry.load()) as connection:
            problem = harm(connection, archive)
    except AirsideError as error:
        problem = error.what
    return _Kept(archive, () if problem is None else (problem,))


def _in_place(url: str) -> Generator[_Item]:
    from ...partitions.archive.verify import manifests

    for store, name in manifests(url):
        yield _Item(store, name, None, None, None)


def _judged(settings: Settings, item: _Item, deeply: bool) -> Verdict:
    from ...partitions.archive.verify import verify

    with counting(settings, f"reading {item.name}", item.rows) as tell:
        verdict = verify(item.store, item.name, sha256=item.sha256, observer=tell)
    if verdict.manifest is None or verdict.problems:
        return verdict
    problems: tuple[str, ...] = ()
    if item.database is not None:
        from ...partitions.archive.restore import changed_since

        problems = changed_since(settings.server(), item.database, verdict.manifest)
    if deeply and not problems:
        from ...partitions.archive.deep import deep

        database = item.database or _named(verdict.manifest.database)
        with counting(settings, f"loading {item.name}", verdict.manifest.rows) as tell:
            problems = deep(settings.server(), database, item.store, verdict.manifest, tell)
    return replace(verdict, problems=problems)


def _named(name: str) -> Database:
    """A database that nobody declares here: its roles have the usual names."""
    from sqlalchemy import MetaData

    from ...schema.core.database import Database

    return Database(name, metadata=MetaData())


def _record(verdict: Verdict | _Kept) -> Record:
    if isinstance(verdict, _Kept):
        archive = verdict.archive
        known = {
            "table": archive.name,
            "partition": archive.leaf,
            "from": archive.lower_bound,
            "to": archive.upper_bound,
            "rows": archive.row_count,
            "location": archive.location,
        }
        return {**known, "whole": not verdict.problems, "problems": list(verdict.problems)}
    known = manifest_record(verdict.location, verdict.manifest) if verdict.manifest else {"location": verdict.location}
    return {**known, "whole": not verdict.problems, "problems": list(verdict.problems)}


def _print(verdict: Verdict | _Kept) -> None:
    if isinstance(verdict, _Kept):
        archive, where = verdict.archive, f"{verdict.archive.location}: {verdict.archive.leaf}"
        if not verdict.problems:
            line(f"{archive.location}  whole: {rows_of(archive.row_count)} of {archive.leaf}")
        for problem in verdict.problems:
            note(f"airside: {where}: {problem}")
        return
    if verdict.manifest is not None and not verdict.problems:
        line(f"{verdict.location}  whole: {rows_of(verdict.manifest.rows)} of {verdict.manifest.leaf}")
    for problem in verdict.problems:
        note(f"airside: {verdict.location}: {problem}")
