"""`airside seed` as a user runs it: equal on two servers, also after kill -9 and Ctrl-C; joined up; refused where rows
could be lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from airside.server import Server, ephemeral

from .seeding import SPAN, SYSTEM, Run, environment_of, provision, seeder


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Server, Server]]:
    """Two servers of our own, with the databases of a system that are marked development."""
    with ephemeral() as first, ephemeral() as second:
        for server in (first, second):
            provision(server, SYSTEM)
        yield first, second


def tables_of(done: subprocess.CompletedProcess[str]) -> dict[str, tuple[int, str]]:
    """Rows and digest of each table."""
    return {
        f"{record['database']}.{table['table']}": (table["rows"], table["digest"])
        for record in json.loads(done.stdout)["databases"]
        for table in record["tables"]
    }


@pytest.fixture
def seed(environment: dict[str, str]) -> Run:
    return seeder(environment)


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    return {}


@pytest.fixture
def expected(servers: tuple[Server, Server], seed: Run, undisturbed: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """What a run without disturbance ends in, made on the first server."""
    if not undisturbed:
        undisturbed["done"] = seed(servers[0], SYSTEM, "--scale", "1400", *SPAN, "--json")
    return tables_of(undisturbed["done"])


def test_every_table_is_filled_and_every_reference_holds(
    expected: dict[str, tuple[int, str]], undisturbed: dict[str, Any]
) -> None:
    empty = {name for name, (rows, _) in expected.items() if not rows}
    assert all(name.endswith("_archive") for name in empty), empty
    assert expected["user_service_db.users"][0] == 1400
    assert expected["booking_service_db.bookings"][0] == expected["booking_service_db.booking_registry"][0] == 4200
    found = json.loads(undisturbed["done"].stdout)["references"]
    assert len(found) == 9
    assert all(reference["keys"] > 0 for reference in found)
    assert not any(reference["orphans"] for reference in found)


def test_the_same_command_again_does_nothing_and_another_is_refused(
    servers: tuple[Server, Server], seed: Run, expected: dict[str, tuple[int, str]]
) -> None:
    again = seed(servers[0], SYSTEM, "--scale", "1400")
    assert again.stdout.count("nothing to generate: holds scale 1400") == 6
    assert "0 orphans" in again.stdout
    assert tables_of(seed(servers[0], SYSTEM, "--append", "--json")) == expected
    for other in (("--scale", "1401"), ("--scale", "1400", "--random-seed", "2")):
        refused = seed(servers[0], SYSTEM, *other, code=4)
        assert "would not agree" in refused.stderr
        assert "--reset" in refused.stderr


def start(server: Server, environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "airside.cli", "seed", SYSTEM, *arguments],
        env=environment_of(server, environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a shell in the background starts its children with SIGINT ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def progress(server: Server) -> int:
    """How many bookings are made; 0 before the run begins."""
    with server.connect("booking_service_db", autocommit=True) as connection:
        row = connection.execute("SELECT to_regclass('airside.seeding') IS NOT NULL").fetchone()
        if row is None or not row[0]:
            return 0
        row = connection.execute("SELECT next FROM airside.seeding WHERE driver = 'booking'").fetchone()
        return int(row[0]) if row else 0


def stop_in_the_middle(process: subprocess.Popen[str], server: Server, sign: signal.Signals) -> int:
    """Send a signal once more bookings are made; how many there were."""
    before = progress(server)
    deadline = time.monotonic() + 60
    while progress(server) == before and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(process.pid, sign)
    process.wait(timeout=60)
    return progress(server)


def test_killed_and_gone_on_with_it_ends_in_the_same_rows(
    servers: tuple[Server, Server], seed: Run, environment: dict[str, str], expected: dict[str, tuple[int, str]]
) -> None:
    server = servers[1]
    seed(server, SYSTEM, "--reset")
    made = stop_in_the_middle(start(server, environment, "--scale", "1400", *SPAN), server, signal.SIGKILL)
    assert 0 < made < 4200
    refused = seed(server, SYSTEM, "--scale", "1400", code=4)
    assert "did not come to its end" in refused.stderr
    assert "--append" in refused.stderr
    assert tables_of(seed(server, SYSTEM, "--append", "--json")) == expected


def test_ctrl_c_leaves_whole_batches_and_says_how_to_go_on(
    servers: tuple[Server, Server], seed: Run, environment: dict[str, str], expected: dict[str, tuple[int, str]]
) -> None:
    server = servers[1]
    seed(server, SYSTEM, "--reset")
    process = start(server, environment, "--scale", "1400", *SPAN)
    made = stop_in_the_middle(process, server, signal.SIGINT)
    assert process.stderr is not None
    said = process.stderr.read()
    assert process.returncode == 130, said
    assert said.count("\n") == 1
    assert f"airside seed {SYSTEM} --append" in said
    assert 0 < made < 4200
    with server.connect("booking_service_db") as connection:
        rows = connection.execute("SELECT count(*) FROM bookings").fetchone()
        registered = connection.execute("SELECT count(*) FROM booking_registry").fetchone()
    assert rows == registered == (made,)
    assert tables_of(seed(server, SYSTEM, "--append", "--json")) == expected
