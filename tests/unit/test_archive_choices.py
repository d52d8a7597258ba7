"""Which archive is meant, periods as bounds, and what a manifest is read from."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from airside.partitions.archive.choose import Choice, choose
from airside.partitions.archive.columns import Column
from airside.partitions.archive.ledger import without_credentials
from airside.partitions.archive.manifest import FORMAT, FileColumn, Manifest, read_manifest, schema_digest
from airside.partitions.archive.period import Period
from airside.partitions.state import Ladder, Leaf
from airside.schema.core.errors import Refused, UsageError
from hypothesis import given
from hypothesis import strategies as st


def choice(number: int, table: str, month: int) -> Choice:
    lower = datetime(2024, month, 1, tzinfo=UTC)
    return Choice(number, table, f"{table}_2024_{month:02}", lower, f"/archive/{number}")


CHOICES = [choice(month, "bookings", month) for month in range(1, 13)] + [choice(20, "audit.events", 3)]


@pytest.mark.parametrize(
    ("table", "period", "number"),
    [
        ("bookings", "2024-03", 3),
        ("public.bookings", "bookings_2024_11", 11),
        ("bookings", "#7", 7),
        ("audit.events", None, 20),
        (None, "audit.events_2024_03", 20),
    ],
)
def test_one_is_meant(table: str | None, period: str | None, number: int) -> None:
    assert choose(CHOICES, table, period).number == number


@pytest.mark.parametrize(
    ("table", "period", "said"),
    [
        ("bookings", "2024", "12 archives are bookings 2024: #1, #2, #3, #4, #5, ..."),
        ("bookings", "2023", "no archive is bookings 2023; there are bookings_2024_01"),
        ("nothing", None, "no archive is nothing; there are"),
        ("bookings", "#20", "no archive is bookings #20"),
    ],
)
def test_none_or_several_are_not_guessed(table: str, period: str | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        choose(CHOICES, table, period)


def ladder(*leaves: Leaf, key_type: str = "timestamp with time zone") -> Ladder:
    return Ladder(1, "public", "bookings", "r", "RANGE (at)", "at", key_type, None, leaves)


def leaf(lower: datetime | None, upper: datetime | None, *, default: bool = False) -> Leaf:
    return Leaf(2, "public", "p", "", "r", default, False, 0, 0, lower, upper)


days = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


@given(days, days, days, days)
def test_a_period_is_taken_where_ranges_share_a_moment(a: datetime, b: datetime, c: datetime, d: datetime) -> None:
    lower, upper = sorted((a, b))
    other_lower, other_upper = sorted((c, d))
    found = ladder(leaf(other_lower, other_upper))
    shared = max(lower, other_lower) < min(upper, other_upper)
    taken = Period.between(found, "at", lower, upper).taken(found)
    if lower < upper and other_lower < other_upper:
        assert (taken is not None) == shared


def test_open_ends_and_defaults_take_everything() -> None:
    period = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC))
    for found in (ladder(leaf(None, None)), ladder(leaf(None, None, default=True)), ladder(leaf(None, period[1]))):
        assert Period.between(found, "at", *period).taken(found) == "p"
    assert Period.between(ladder(), "at", None, None).taken(ladder(leaf(*period))) == "p"


@pytest.mark.parametrize(
    ("key_type", "bound"),
    [
        ("timestamp with time zone", "FROM ('2024-01-01 00:00:00+00') TO (MAXVALUE)"),
        ("timestamp(3) without time zone", "FROM ('2024-01-01 00:00:00') TO (MAXVALUE)"),
        ("date", "FROM ('2024-01-01') TO (MAXVALUE)"),
        ("uuid", "FROM ('018cc251-f400-0000-0000-000000000000') TO (MAXVALUE)"),
    ],
)
def test_bounds_are_literals_of_the_key(key_type: str, bound: str) -> None:
    period = Period.between(ladder(key_type=key_type), "at", datetime(2024, 1, 1, tzinfo=UTC), None)
    assert period.bound.as_string(None) == bound
    assert "<" not in period.check.as_string(None).replace("<=", "")


def test_another_key_is_refused() -> None:
    with pytest.raises(Refused, match="the archive has a range of other"):
        Period.between(ladder(), "other", None, None)


COLUMN = Column("id", "integer", "int4", "b", -1, False, True, True, "", False)
MANIFEST = Manifest(
    format=FORMAT,
    system_identifier="1",
    database="d",
    schema="public",
    table="t",
    leaf="t_1",
    leaf_oid=1,
    key="at",
    lower=None,
    upper=None,
    file="t_1.parquet",
    rows=1,
    row_groups=1,
    columns=(FileColumn.of(COLUMN, "int32", {"nulls": "0", "min": None}),),
    schema_digest=schema_digest([COLUMN]),
    digest="1",
    content_digest="2",
    sha256="3",
    size=4,
    server_version="17.1",
    server_major=17,
    airside_version="0",
    created_at="2024-01-01T00:00:00+00:00",
    supersedes=("other",),
)


def test_a_manifest_reads_back() -> None:
    assert read_manifest(MANIFEST.to_bytes(), where="x") == MANIFEST


@given(st.sampled_from(sorted(json.loads(MANIFEST.to_bytes()))), st.sampled_from(["remove", {}, [1], 1.5, True]))
def test_a_spoilt_manifest_is_refused(key: str, value: object) -> None:
    spoilt = json.loads(MANIFEST.to_bytes())
    if value == "remove":
        del spoilt[key]
    else:
        spoilt[key] = value
    if key == "supersedes" and value != 1.5 and value is not True:
        return
    with pytest.raises(Refused, match="cannot be relied on"):
        read_manifest(json.dumps(spoilt).encode(), where="x")


@given(st.binary(max_size=50))
def test_bytes_that_are_no_manifest(content: bytes) -> None:
    with pytest.raises(Refused):
        read_manifest(content, where="x")


@given(st.text("abcXYZ089%:@", min_size=6, max_size=20))
def test_no_password_survives(password: str) -> None:
    from urllib.parse import quote

    secret = quote(password, safe="")
    for url in (f"postgresql://me:{secret}@h/d", f"s3://key:{secret}@bucket/x", f"sftp://h/x?password={secret}"):
        assert f"{secret}" not in without_credentials(url).replace("sftp://h/x", "").replace("bucket/x", "")


@pytest.mark.parametrize("key_type", ["timestamp with time zone", "timestamp(3) without time zone"])
def test_a_period_keeps_parts_of_a_second(key_type: str) -> None:
    lower, upper = datetime(2024, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC)
    period = Period.between(ladder(key_type=key_type), "at", lower, upper)
    zone = "+00" if "without" not in key_type else ""
    assert period.bound.as_string() == f"FROM ('2024-01-01 00:00:00.25{zone}') TO ('2024-02-01 00:00:00{zone}')"
