"""A table's rows in a Parquet file: written as a stream, and read back with what the file says of itself.

Memory does not grow with the table: a row group is at most 128 Ki rows or about 32 MB (16 MB of wide rows).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...schema.core.errors import Refused
from .columns import Column
from .extra import Batch, Schema, Table, pa, pq
from .manifest import Manifest
from .store import Sink, Store
from .tables import CARRIER_KEY, ContentDigest, Measure, Statistics, converted

GROUP_ROWS = 131_072
_GROUP_BYTES = 32 << 20
_WIDE_ROW = 1024
_WIDE_GROUP_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file says of itself: `statistics` by column."""

    rows: int
    row_groups: int
    content_digest: str
    statistics: Mapping[str, Statistics]


def write_rows(
    batches: Iterable[Batch], schema: Schema, sink: Sink, observer: Callable[[int], None]
) -> tuple[int, str]:
    """Write what the driver gives; the number of rows and the digest of the content. Raises pyarrow.ArrowInvalid.

    `observer` is told after each row group how many rows have been written.
    """
    rows, content = 0, ContentDigest()
    # pages carry checksums, so that a damaged byte is found where it is
    with pq.ParquetWriter(sink, schema, compression="zstd", write_page_checksum=True) as writer:
        for table in _grouped(batches, schema):
            writer.write_table(table, row_group_size=table.num_rows)
            content.add(table)
            rows += table.num_rows
            observer(rows)
            _give_back()
    return rows, content.hexdigest()


def _grouped(batches: Iterable[Batch], schema: Schema) -> Generator[Table]:
    waiting: list[Batch] = []
    rows = size = 0
    for batch in batches:
        while rows + batch.num_rows > GROUP_ROWS:
            taken = GROUP_ROWS - rows
            yield converted([*waiting, batch.slice(0, taken)], schema)
            batch = batch.slice(taken)
            waiting, rows, size = [], 0, 0
        waiting.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        # texts of many kilobytes are copied more often on their way than numbers
        if rows == GROUP_ROWS or size >= (_WIDE_GROUP_BYTES if size > rows * _WIDE_ROW else _GROUP_BYTES):
            yield converted(waiting, schema)
            waiting, rows, size = [], 0, 0
    if rows:
        yield converted(waiting, schema)


def examine(
    store: Store, path: str, columns: Sequence[Column], awkward: frozenset[str], observer: Callable[[int], None]
) -> Examined:
    """Read a whole file. Raises Refused when it is no Parquet file of these columns, or a damaged one."""
    measures = [_measure(column, awkward) for column in columns]
    content, rows, groups = ContentDigest(), 0, 0
    for table in read_groups(store, path, columns, awkward):
        content.add(table)
        for measure, column in zip(measures, table.columns, strict=True):
            measure.add(column.combine_chunks())
        rows += table.num_rows
        groups += 1
        observer(rows)
        _give_back()
    statistics = {column.name: measure.statistics() for column, measure in zip(columns, measures, strict=True)}
    return Examined(rows, groups, content.hexdigest(), statistics)


def read_groups(store: Store, path: str, columns: Sequence[Column], awkward: frozenset[str]) -> Generator[Table]:
    """The row groups of a file, one after the other. Raises Refused like `examine`."""
    with store.reading(path) as file:
        try:
            with pq.ParquetFile(file, page_checksum_verification=True) as parquet:
                _refuse_other_columns(parquet.schema_arrow, columns, awkward, store.shown(path))
                for group in range(parquet.num_row_groups):
                    yield parquet.read_row_group(group).combine_chunks()
        except (pa.ArrowException, OSError, EOFError) as error:
            raise Refused(
                f"the file cannot be read: {str(error).splitlines()[0]}",
                where=store.shown(path),
                next_step="restore it from a copy; a partition that is still there can be archived again",
            ) from None


def _give_back() -> None:
    """Let the operating system have what Arrow keeps for later: of wide rows that is several row groups."""
    pa.default_memory_pool().release_unused()


def _measure(column: Column, awkward: frozenset[str]) -> Measure:
    return Measure(column.carrier(awkward), tuple(column.measured(awkward)))


def _refuse_other_columns(found: Schema, columns: Sequence[Column], awkward: frozenset[str], where: str) -> None:
    expected = [(column.name, column.carrier(awkward)) for column in columns]
    given = [(field.name, _note(field)) for field in found]
    if given != expected:
        raise Refused(
            "the file has other columns than its manifest says",
            where=where,
            next_step="restore the file and its manifest from a copy",
        )


def _note(field: Any) -> str:
    return str((field.metadata or {CARRIER_KEY: b""}).get(CARRIER_KEY, b""), "utf-8")


def differences(expected: Mapping[str, Statistics], found: Mapping[str, Statistics]) -> tuple[str, ...]:
    """What two sets of statistics differ in, by column."""
    return tuple(
        f"{name}: {measure} {values.get(measure)} instead of {value}"
        for name, expectation in expected.items()
        for values in [found.get(name, {})]
        for measure, value in expectation.items()
        if values.get(measure) != value
    )


def complaints(manifest: Manifest, found: Examined) -> tuple[str, ...]:
    """What a file and its manifest differ in."""
    said = {item.name: item.statistics for item in manifest.columns}
    counts = [("rows", manifest.rows, found.rows), ("content digest", manifest.content_digest, found.content_digest)]
    return (
        *(f"{name} {value} instead of {expected}" for name, expected, value in counts if value != expected),
        *differences(said, found.statistics),
    )
