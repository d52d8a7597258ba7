"""Rows as Arrow tables: the types of a file, what it says of each column, and a digest of its content.

Everything here works on one row group at a time, so that memory does not grow with the table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .columns import Carrier, Column
from .extra import Array, ArrowType, Batch, Schema, Table, pa, pc

TYPE_KEY = b"PostgreSQL:type"
CARRIER_KEY = b"airside:carrier"

_SIMPLE: Mapping[str, ArrowType] = {
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "bool": pa.bool_(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "string": pa.string(),
    "binary": pa.binary(),
    "timestamptz": pa.timestamp("us", tz="UTC"),
    "timestamp": pa.timestamp("us"),
    "date": pa.date32(),
    "time": pa.time64("us"),
    "uuid": pa.uuid(),
    "json": pa.string(),
    "text": pa.string(),
}
_MICROSECONDS = 1_000_000
_EXACT = pa.decimal128(19, 0)

Statistics = Mapping[str, str | None]
"""What is said of a column: `nulls`, and by type `min`, `max`, `sum`, `length` (bytes, or elements), `nan`.

Numbers are decimal, moments ISO 8601 in UTC (their sum in seconds), dates ISO 8601 (their sum in days since 1970). The
smallest and the largest text stand there as a SHA-256, so that a manifest says nothing of a person.
"""


def arrow_type(carrier: Carrier, decimal: tuple[int, int] | None) -> ArrowType:
    """The type of a file's column."""
    if carrier == "decimal":
        assert decimal is not None
        return pa.decimal128(*decimal)
    outer, _, inner = carrier.partition("<")
    return pa.list_(_SIMPLE[inner.rstrip(">")]) if inner else _SIMPLE[outer]


def arrow_schema(columns: Sequence[Column], awkward: frozenset[str]) -> Schema:
    """The schema of a file that holds these columns."""
    return pa.schema([
        pa.field(
            column.name,
            arrow_type(column.carrier(awkward), column.decimal),
            metadata={TYPE_KEY: column.type, CARRIER_KEY: column.carrier(awkward)},
        )
        for column in columns
    ])  # fmt: skip


def converted(batches: Sequence[Batch], schema: Schema) -> Table:
    """What the driver gave, as one chunk a column of the types of a file. Raises pyarrow.ArrowInvalid."""
    columns: list[Any] = []
    for position, wanted in enumerate(schema):
        chunks = [_storage(batch.column(position), wanted.type) for batch in batches]
        columns.append(pa.chunked_array(chunks, type=wanted.type))
    return pa.table(columns, schema=schema).combine_chunks()


def _storage(array: Array, wanted: ArrowType) -> Array:
    if array.type == wanted:
        return array
    # numeric and json arrive in a wrapper around their text
    plain = array.storage if isinstance(array, pa.ExtensionArray) else array
    return plain if plain.type == wanted else pc.cast(plain, wanted)


@dataclass(slots=True)
class Measure:
    """Statistics of one column, gathered row group by row group."""

    carrier: str
    names: tuple[str, ...]
    rows: int = 0
    values: dict[str, Any] = field(default_factory=dict[str, Any])

    def add(self, array: Array) -> None:
        self.rows += len(array)
        found = {"nulls": array.null_count, **_measured(array, self.carrier, self.names)}
        for name, value in found.items():
            if value is not None:
                self.values[name] = _merged(name, self.values.get(name), value)

    def statistics(self) -> Statistics:
        return {name: _spelled(name, self.values.get(name), self.carrier) for name in self.names}


def spelled(found: Mapping[str, str | None], carrier: str) -> Statistics:
    """Statistics as PostgreSQL prints them, in the spelling of a manifest."""
    return {name: _spelled(name, _of_server(name, value, carrier), carrier) for name, value in found.items()}


def _of_server(name: str, value: str | None, carrier: str) -> Any:
    if value is None or name in ("nulls", "nan", "length"):
        return None if value is None else int(value)
    if carrier in ("timestamptz", "timestamp", "time"):
        return int(Decimal(value) * _MICROSECONDS)
    if carrier in ("float32", "float64"):
        return float(value)
    return value.encode() if carrier in ("string", "uuid") else Decimal(value)


def _measured(array: Array, carrier: str, names: Sequence[str]) -> Mapping[str, Any]:
    measured = _MEASURED.get(carrier.partition("<")[0], _number_measures)
    return measured(array, names)


def _text_measures(array: Array, names: Sequence[str]) -> Mapping[str, Any]:
    length = {"length": pc.sum(pc.binary_length(array)).as_py() or 0}
    return {**_smallest_and_largest(array.cast(pa.binary())), **length} if "min" in names else length


def _list_measures(array: Array, _: Sequence[str]) -> Mapping[str, Any]:
    return {"length": pc.sum(pc.list_value_length(array)).as_py() or 0}


def _boolean_measures(array: Array, _: Sequence[str]) -> Mapping[str, Any]:
    return {"sum": pc.sum(array).as_py() or 0}


def _uuid_measures(array: Array, _: Sequence[str]) -> Mapping[str, Any]:
    return _smallest_and_largest(array.storage)


def _float_measures(array: Array, _: Sequence[str]) -> Mapping[str, Any]:
    nan = pc.fill_null(pc.is_nan(array), False)
    return {"nan": pc.sum(nan).as_py() or 0, **_smallest_and_largest(array.filter(pc.invert(nan)))}


def _moment_measures(array: Array, names: Sequence[str]) -> Mapping[str, Any]:
    return _number_measures(array.cast(pa.int64()), names)


def _date_measures(array: Array, names: Sequence[str]) -> Mapping[str, Any]:
    return _number_measures(array.cast(pa.int32()), names)


def _number_measures(array: Array, names: Sequence[str]) -> Mapping[str, Any]:
    # 64 bits do not hold the sum of many large numbers
    summed = array.cast(_EXACT) if array.type == pa.int64() else array
    return {**_smallest_and_largest(array), **({"sum": pc.sum(summed).as_py()} if "sum" in names else {})}


_MEASURED: Mapping[str, Callable[[Array, Sequence[str]], Mapping[str, Any]]] = {
    "string": _text_measures,
    "binary": _text_measures,
    "json": _text_measures,
    "text": _text_measures,
    "list": _list_measures,
    "bool": _boolean_measures,
    "uuid": _uuid_measures,
    "float32": _float_measures,
    "float64": _float_measures,
    "timestamptz": _moment_measures,
    "timestamp": _moment_measures,
    "time": _moment_measures,
    "date": _date_measures,
}


def _smallest_and_largest(array: Array) -> Mapping[str, Any]:
    found = pc.min_max(array).as_py()
    return {"min": found["min"], "max": found["max"]}


def _merged(name: str, before: Any, value: Any) -> Any:
    if before is None:
        return value
    if name == "min":
        return min(before, value)
    return max(before, value) if name == "max" else before + value


def _spelled(name: str, value: Any, carrier: str) -> str | None:
    if name in ("nulls", "nan", "length") or carrier == "bool":
        return str(value or 0)
    if value is None:
        return None
    spelling = _SPELLED.get((carrier, name)) or _SPELLED.get((carrier, ""))
    return spelling(value) if spelling is not None else _number(Decimal(value))


def _seconds(microseconds: int | Decimal) -> str:
    return _number(Decimal(microseconds) / _MICROSECONDS)


def _moment(microseconds: int) -> str:
    return pa.scalar(microseconds, pa.int64()).cast(pa.timestamp("us")).as_py().isoformat()


def _day(days: int | Decimal) -> str:
    return pa.scalar(int(days), pa.int32()).cast(pa.date32()).as_py().isoformat()


def _uuid(value: bytes) -> str:
    return value.hex() if len(value) == 16 else value.decode().replace("-", "")


def _hashed(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()


_SPELLED: Mapping[tuple[str, str], Callable[[Any], str]] = {
    ("timestamptz", ""): _moment,
    ("timestamp", ""): _moment,
    ("timestamptz", "sum"): _seconds,
    ("timestamp", "sum"): _seconds,
    ("time", ""): _seconds,
    ("date", ""): _day,
    ("date", "sum"): lambda days: _number(Decimal(days)),
    ("uuid", ""): _uuid,
    ("string", ""): _hashed,
    ("float32", ""): lambda value: repr(float(value)),
    ("float64", ""): lambda value: repr(float(value)),
}


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class ContentDigest:
    """A SHA-256 over the values of a file, row group by row group and column by column.

    It depends on the values and their order alone, and neither on the compression nor on the encoding of a file. Of
    each column of each row group it takes: one byte a row that is 1 where there is a value; then for numbers, moments,
    uuids and decimals their little-endian bytes (0 where there is none); for booleans one byte; for texts and bytes
    their lengths as 32-bit integers, then the bytes; for lists their lengths, then the values like a column.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, table: Table) -> None:
        for column in table.columns:
            self._add(column.combine_chunks() if column.num_chunks != 1 else column.chunk(0))

    def hexdigest(self) -> str:
        return self._hash.hexdigest()

    def _add(self, array: Array) -> None:
        if isinstance(array, pa.ExtensionArray):
            array = array.storage
        self._bytes(pc.is_valid(array).cast(pa.uint8()), 1)
        if pa.types.is_list(array.type):
            self._bytes(pc.fill_null(pc.list_value_length(array), 0), 4)
            self._add(array.flatten())
        elif pa.types.is_boolean(array.type):
            self._bytes(pc.fill_null(array, False).cast(pa.uint8()), 1)
        elif pa.types.is_string(array.type) or pa.types.is_binary(array.type):
            self._texts(array)
        else:
            self._bytes(_without_nulls(array), array.type.bit_width // 8)

    def _texts(self, array: Array) -> None:
        whole = pc.fill_null(array, b"" if pa.types.is_binary(array.type) else "") if array.null_count else array
        self._bytes(pc.binary_length(whole), 4)
        _, offsets, data = whole.buffers()
        if data is None or not len(whole):
            return
        first, last = (
            int.from_bytes(memoryview(offsets)[4 * place : 4 * place + 4], "little")
            for place in (whole.offset, whole.offset + len(whole))
        )
        self._hash.update(memoryview(data)[first:last])

    def _bytes(self, array: Array, width: int) -> None:
        data = array.buffers()[1]
        if data is not None:
            self._hash.update(memoryview(data)[width * array.offset : width * (array.offset + len(array))])


def _without_nulls(array: Array) -> Array:
    if not array.null_count:
        return array
    if pa.types.is_fixed_size_binary(array.type):
        return pc.fill_null(array, b"\0" * array.type.byte_width)
    if pa.types.is_date(array.type):
        array = array.cast(pa.int32())
    elif pa.types.is_temporal(array.type):
        array = array.cast(pa.int64())
    return pc.fill_null(array, 0)
