"""One PostgreSQL server a session (per xdist worker), and the command line as a user runs it.

By default the server is a throw-away one from the embedded binaries; `AIRSIDE_PG_BIN` chooses other binaries
(15, 18), `AIRSIDE_TEST_URL` a running server.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from airside.server import Server, ephemeral, resolve
from hypothesis import HealthCheck, settings
from psycopg import sql

# a busy machine is no failure
settings.register_profile("airside", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("airside")

# a shell that starts a job in the background makes it ignore Ctrl-C, and every process below it
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

Airside = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="the long versions of the tests marked soak")


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """How often a test that kills does so: 200 times in `make soak`, a few times in `make test`."""
    return 200 if request.config.getoption("--soak") else 6


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server for the whole session."""
    url = os.environ.get("AIRSIDE_TEST_URL")
    if url:
        yield resolve(url)
        return
    with ephemeral() as started:
        yield started


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """The name of an empty database of its own, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    yield name
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def environment(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment variables under which `airside` and `alembic` work on the session's server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "AIRSIDE_", "DATABASE_"))}
    return {
        **kept,
        "AIRSIDE_URL": server.url("postgres", show_password=True),
        "AIRSIDE_CACHE_DIR": str(tmp_path_factory.mktemp("cache")),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }


@pytest.fixture(scope="session")
def airside(environment: dict[str, str]) -> Airside:
    """Run `airside ARGS...` in a process of its own: `airside("current", "all", cwd=..., code=0)`."""

    def run(
        *args: str, cwd: Path | None = None, code: int | None = 0, **extra: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "airside.cli", *args],
            cwd=cwd,
            env={**environment, **extra},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if code is not None:
            assert done.returncode == code, f"airside {' '.join(args)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    return run
