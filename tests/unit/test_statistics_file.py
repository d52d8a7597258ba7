"""The committed file of statistics: what is written is read, what is none of ours is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from airside.migrations.checks.model import SequenceUse, TableStatistics
from airside.migrations.checks.statistics import FILE, read_statistics, write_statistics
from airside.schema.core.errors import AirsideError, ConfigurationError, NoServer
from hypothesis import given
from hypothesis import strategies as st

names = st.text(min_size=1, max_size=20)
tables = st.builds(
    TableStatistics,
    st.integers(0, 10**13).map(float),
    st.integers(0, 2**60),
    st.none() | st.integers(0, 10**6).map(lambda number: number / 100),
)
sequences = st.builds(
    TableStatistics,
    st.just(0),
    sequence=st.builds(
        SequenceUse, st.integers(-(2**63), 2**63), st.integers(), st.integers(), st.none() | st.text(max_size=20)
    ),
)


@given(st.dictionaries(names, tables | sequences))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, statistics: dict[str, TableStatistics]
) -> None:
    path = tmp_path_factory.mktemp("statistics") / FILE
    write_statistics(path, "shop", statistics)
    assert read_statistics(str(path), "shop") == statistics


def test_databases_of_one_file_are_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / FILE
    write_statistics(path, "shop", {"public.a": TableStatistics(1.0)})
    assert read_statistics(str(path)) == {"public.a": TableStatistics(1.0)}
    with pytest.raises(ConfigurationError, match="shop, not of users"):
        read_statistics(str(path), "users")
    write_statistics(path, "users", {"public.b": TableStatistics(2.0)})
    assert read_statistics(str(path), "shop") == {"public.a": TableStatistics(1.0)}
    assert read_statistics(str(path), "users") == {"public.b": TableStatistics(2.0)}
    with pytest.raises(ConfigurationError, match="shop, users, not of other"):
        read_statistics(str(path), "other")
    with pytest.raises(ConfigurationError, match="shop, users"):
        read_statistics(str(path))


def test_writing_again_the_same_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / FILE
    held = {"public.b": TableStatistics(2.0, 3, 0.129), "public.a": TableStatistics(1.4)}
    write_statistics(path, "shop", held)
    first = path.read_text()
    write_statistics(path, "shop", dict(reversed(list(held.items()))))
    assert path.read_text() == first
    assert json.loads(first)["databases"]["shop"]["tables"]["public.b"] == {
        "rows": 2,
        "bytes": 3,
        "writes_per_second": 0.13,
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("\xff\xfe", "no JSON"),
        ("[]", "holds no statistics"),
        ("{}", "holds no statistics"),
        ('{"format": 2, "databases": {}}', "format 2, this version reads 1"),
        ('{"format": 1}', "names no databases"),
        ('{"format": 1, "databases": {}}', "statistics of none"),
        ('{"format": 1, "databases": {"shop": []}}', "not an object"),
        ('{"format": 1, "databases": {"shop": {"tables": {"t": 3}}}}', "not an object"),
        ('{"format": 1, "databases": {"shop": {"tables": {"t": {"rows": 1}}}}}', "bytes is None, not a number"),
        ('{"format": 1, "databases": {"shop": {"tables": {"t": {"rows": -1, "bytes": 1}}}}}', "rows is -1"),
        ('{"format": 1, "databases": {"shop": {"tables": {"t": {"rows": true, "bytes": 1}}}}}', "rows is True"),
        ('{"format": 1, "databases": {"shop": {"tables": {"t": {"rows": NaN, "bytes": 1}}}}}', "rows is nan"),
        ('{"format": 1, "databases": {"shop": {"tables": {"t": {"rows": 1, "bytes": Infinity}}}}}', "bytes is inf"),
        (
            '{"format": 1, "databases": {"shop": {"sequences": {"t": {"start": 1, "last": "x", "end": 3}}}}}',
            "last is 'x'",
        ),
    ],
)
def test_a_file_that_is_no_statistics_is_named_with_its_fault(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / FILE
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=complaint) as told:
        read_statistics(str(path))
    assert str(path) in str(told.value)
    assert told.value.next_step


def test_a_file_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text('{"my": "notes"}')
    with pytest.raises(ConfigurationError):
        write_statistics(path, "shop", {})
    assert path.read_text() == '{"my": "notes"}'


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such file"):
        read_statistics(str(tmp_path / "nowhere.json"))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_statistics(str(tmp_path))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reader:s3cret@127.0.0.1:1/shop",
        "host=127.0.0.1 port=1 user=reader password=s3cret dbname=shop",
        "postgresql://reader:s3cret@127.0.0.1:port/shop",
        "mysql://reader:s3cret@127.0.0.1/shop",
    ],
)
def test_no_password_is_told(url: str) -> None:
    with pytest.raises(AirsideError) as told:
        read_statistics(url)
    assert "s3cret" not in str(told.value)
    assert isinstance(told.value, NoServer | ConfigurationError)
