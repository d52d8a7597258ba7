"""The embedded server through every mishap, and throw-away servers."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from airside.schema.core.errors import (
    AuthenticationFailed,
    ConfigurationError,
    DataLossRefused,
    EnvironmentProblem,
    MissingRight,
    NoServer,
    NotProvisioned,
    ServerGone,
    WrongMajorVersion,
)
from airside.server import (
    Server,
    ephemeral,
    find,
    resolve,
    running,
    start,
    status,
    stop,
    translate,
)
from airside.server import account as accounts
from airside.server.postmaster import living

from .processes import python, refusal

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="only root runs the server under another account")
SITE = Path(psycopg.__file__).parents[1]


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that every account can enter: pytest's own are closed to the account that runs the server."""
    folder = Path(tempfile.mkdtemp(prefix="airside-test-"))
    folder.chmod(0o755)
    yield folder
    for pid_file in folder.rglob("postmaster.pid"):
        found = living(pid_file.parent)
        if found:
            os.kill(found.pid, signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def home(open_folder: Path) -> Path:
    """A data directory of the embedded server with one database in it."""
    data_dir = open_folder / "shared" / "data"
    with start(data_dir).connect(autocommit=True) as connection:
        connection.execute("CREATE DATABASE kept")
    return data_dir


def still_there(server: Server) -> bool:
    with server.connect("kept") as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def alive(pid: int) -> bool:
    """Whether the process runs; one that nobody has waited for has no command line any more."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except OSError:
        return False


def owner_of(path: Path) -> int:
    return path.stat().st_uid


FAILS = """echo 'initdb: error: could not write file: No space left on device' >&2
echo 'initdb: removing contents of data directory' >&2
exit 1"""

# --- the embedded server ---------------------------------------------------------------------------------------


def test_starting_twice_is_starting_once(home: Path) -> None:
    before, pid = start(home), status(home).pid
    assert start(home) == before
    assert status(home).pid == pid


def test_what_status_tells(home: Path) -> None:
    server = start(home)
    told = status(home)
    assert (told.running, told.port, told.data_dir) == (True, server.port, home)
    assert told.size > 10_000_000
    assert told.version.startswith(str(server.major))


def test_it_stays_durable_and_closed(home: Path) -> None:
    with start(home).connect() as connection:
        settings = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
    assert settings["fsync"] == settings["full_page_writes"] == settings["data_checksums"] == "on"
    assert settings["listen_addresses"] == "127.0.0.1"
    assert (home.stat().st_mode & 0o777, (home / "airside.password").stat().st_mode & 0o777) == (0o700, 0o600)
    assert settings["TimeZone"] == "UTC"


def test_stop_then_start_keeps_port_and_data(home: Path) -> None:
    port = start(home).port
    assert stop(home)
    assert not stop(home)
    assert not status(home).running
    assert running(home) is None
    server = start(home)
    assert server.port == port
    assert still_there(server)


def test_a_crashed_server_is_started_again(home: Path) -> None:
    start(home)
    os.kill(status(home).pid or 0, signal.SIGKILL)
    time.sleep(0.1)
    assert (home / "postmaster.pid").exists()
    assert still_there(start(home))


def test_a_pid_that_another_program_has_by_now(home: Path) -> None:
    start(home)
    content = (home / "postmaster.pid").read_text().splitlines()
    stop(home)
    identity = {"user": owner_of(home), "group": home.stat().st_gid, "extra_groups": []} if ROOT else {}
    other = subprocess.Popen(["sleep", "60"], **identity)  # type: ignore[call-overload]
    try:
        (home / "postmaster.pid").write_text("\n".join([str(other.pid), *content[1:], ""]))
        os.chown(home / "postmaster.pid", owner_of(home), -1)
        assert not status(home).running
        assert still_there(start(home))
        assert other.poll() is None
        assert stop(home)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_an_empty_pid_file(home: Path) -> None:
    stop(home)
    (home / "postmaster.pid").touch()
    assert still_there(start(home))


def test_a_taken_port_is_exchanged(home: Path) -> None:
    port = start(home).port
    stop(home)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", int(port or 0)))
        taken.listen(1)
        with pytest.raises(ConfigurationError, match="taken"):
            start(home, port=int(port or 0))
        server = start(home)
        assert server.port != port
        assert still_there(server)


def test_another_port_than_the_one_it_runs_on(home: Path) -> None:
    start(home)
    with pytest.raises(ConfigurationError, match="runs already"):
        start(home, port=1)


def test_two_starts_at_once(open_folder: Path) -> None:
    data_dir = open_folder / "twice" / "data"
    code = "import sys; from pathlib import Path; from airside.server import start, status\n"
    code += "d = Path(sys.argv[1]); s = start(d); print(s.port, s.password, status(d).pid)"
    both = [python(code, data_dir) for _ in range(2)]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert said[0] == said[1]
    assert [path.name for path in data_dir.parent.iterdir() if "making" in path.name] == []
    stop(data_dir)


def test_a_start_killed_half_way(open_folder: Path) -> None:
    data_dir = open_folder / "killed" / "data"
    code = "import sys; from pathlib import Path; from airside.server import start; start(Path(sys.argv[1]))"
    process = python(code, data_dir, start_new_session=True)
    deadline = time.monotonic() + 20
    while not list(data_dir.parent.glob(".data.making-*/data/base")) and time.monotonic() < deadline:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not data_dir.exists()
    with start(data_dir).connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert list(data_dir.parent.glob(".data.making-*")) == []
    stop(data_dir)


def test_a_half_made_directory_is_set_aside(open_folder: Path) -> None:
    data_dir = open_folder / "half" / "data"
    (data_dir / "base" / "1").mkdir(parents=True)
    (data_dir / "PG_VERSION").write_text("17\n")
    for path in (data_dir / "base" / "1", data_dir / "base", data_dir / "PG_VERSION", data_dir):
        os.chown(path, pwd.getpwnam("nobody").pw_uid if ROOT else -1, -1)
    start(data_dir)
    aside = list(data_dir.parent.glob("data.half-made-*"))
    assert [path.name for path in aside[0].iterdir() if path.is_file()] == ["PG_VERSION"]
    stop(data_dir)


def test_a_half_made_directory_of_roots_is_set_aside(open_folder: Path) -> None:
    data_dir = open_folder / "half-root" / "data"
    data_dir.mkdir(parents=True)
    (data_dir / "PG_VERSION").write_text("17\n")
    start(data_dir)
    assert list(data_dir.parent.glob("data.half-made-*"))
    stop(data_dir)


def test_folders_that_are_not_ours_stay_as_they_are(open_folder: Path) -> None:
    papers = open_folder / "papers"
    papers.mkdir()
    (papers / "thesis.odt").write_text("years of work")
    with pytest.raises(ConfigurationError, match="other files"):
        start(papers)
    assert [path.name for path in papers.iterdir()] == ["thesis.odt"]
    with pytest.raises(ConfigurationError, match="is a file"):
        start(papers / "thesis.odt")


def test_a_cluster_of_someone_else(home: Path) -> None:
    stop(home)
    marker = (home / "airside.json").read_text()
    (home / "airside.json").unlink()
    try:
        with pytest.raises(ConfigurationError, match="did not make"):
            start(home)
    finally:
        (home / "airside.json").write_text(marker)
        os.chown(home / "airside.json", owner_of(home), -1)
    assert still_there(start(home))


def test_a_damaged_directory_with_databases_is_refused(home: Path) -> None:
    stop(home)
    control = home / "global" / "pg_control"
    control.rename(home / "pg_control.away")
    try:
        with pytest.raises(DataLossRefused, match="damaged"):
            start(home)
    finally:
        (home / "pg_control.away").rename(control)
    assert still_there(start(home))


def test_a_directory_of_another_major_version(home: Path) -> None:
    stop(home)
    version = (home / "PG_VERSION").read_text()
    (home / "PG_VERSION").write_text("16\n")
    try:
        with pytest.raises(WrongMajorVersion, match="PostgreSQL 16") as refused:
            start(home)
        assert "AIRSIDE_PG_BIN" in str(refused.value)
    finally:
        (home / "PG_VERSION").write_text(version)
    start(home)


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    stop(home)
    automatic = home / "postgresql.auto.conf"
    before = automatic.read_text()
    automatic.write_text("shared_preload_libraries = 'no_such_library'\n")
    try:
        with pytest.raises(NoServer, match="no_such_library") as failed:
            start(home)
        assert "airside.log" in str(failed.value)
    finally:
        automatic.write_text(before)
    assert still_there(start(home))


def test_an_initdb_that_fails_says_why(open_folder: Path) -> None:
    programs = open_folder / "programs"
    programs.mkdir()
    for name, does in (("postgres", "echo 'postgres (PostgreSQL) 17.1'"), ("pg_ctl", "exit 1"), ("initdb", FAILS)):
        (programs / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs / name).chmod(0o755)
    data_dir = open_folder / "unmade" / "data"
    with pytest.raises(NoServer, match="No space left on device"):
        start(data_dir, environ={"AIRSIDE_PG_BIN": str(programs)})
    assert [path.name for path in data_dir.parent.iterdir()] == [".data.lock"]


def test_a_place_that_cannot_be_written(open_folder: Path) -> None:
    (open_folder / "file").touch()
    with pytest.raises(EnvironmentProblem, match="--data-dir"):
        start(open_folder / "file" / "data")


def test_resolve_finds_the_running_server(home: Path) -> None:
    server = start(home)
    environ = {"AIRSIDE_DATA_DIR": str(home), "PATH": os.environ["PATH"]}
    assert resolve(None, environ) == server
    stop(home)
    with pytest.raises(NoServer, match="airside up"):
        resolve(None, environ)


def test_secrets_stay_out_of_the_log(home: Path) -> None:
    with start(home).connect(autocommit=True) as connection, pytest.raises(psycopg.Error):
        connection.execute("CREATE ROLE postgres_x PASSWORD 'hunter2hunter2' NONSENSE")
    assert "hunter2" not in (home / "airside.log").read_text()


@as_root
def test_root_with_everything_in_closed_folders(
    open_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = find()
    if not found.folders:
        pytest.skip("no wheel with PostgreSQL's programs")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for folder in found.folders:
        shutil.copytree(found.root / folder, closed / "site" / folder, symlinks=True)
    programs = closed / "site" / found.bin_dir.relative_to(found.root)
    monkeypatch.setattr(accounts, "_SHARED_FOLDERS", (open_folder / "lib",))
    monkeypatch.setenv("HOME", str(closed))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("AIRSIDE_DATA_DIR", raising=False)
    monkeypatch.setenv("AIRSIDE_PG_BIN", str(programs))
    monkeypatch.chdir(closed)
    server = start()
    try:
        with server.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        told = status()
        assert told.data_dir.parent == open_folder / "lib"
        assert owner_of(told.data_dir) != 0
        copies = list((open_folder / "lib").glob("postgresql-*"))
        assert [owner_of(path) for path in copies] == [0]
        assert not any(path.stat().st_mode & 0o022 for path in copies[0].rglob("*") if not path.is_symlink())
        stop()
        start()
        assert list((open_folder / "lib").glob("postgresql-*")) == copies
    finally:
        stop()
    with pytest.raises(MissingRight, match="may not enter"):
        start(closed / "data")


@as_root
def test_a_directory_copied_by_root_names_the_remedy(home: Path) -> None:
    start(home)
    stop(home)
    owner = owner_of(home)
    os.chown(home, 0, -1)
    try:
        with pytest.raises(MissingRight, match="chown -R"):
            start(home)
    finally:
        os.chown(home, owner, -1)
    assert still_there(start(home))


@as_root
def test_a_shared_folder_that_others_may_write_is_not_used(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = open_folder / "trap"
    trap.mkdir()
    trap.chmod(0o777)
    monkeypatch.setattr(accounts, "_SHARED_FOLDERS", (trap,))
    with pytest.raises(MissingRight):
        accounts.shared_folder(make=True)


@as_root
def test_as_an_unprivileged_user(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    interpreter = _interpreter_for(identity)
    place = open_folder / "nobody"
    place.mkdir()
    os.chown(place, nobody.pw_uid, nobody.pw_gid)
    code = f"import site; site.addsitedir({str(SITE)!r})\n"
    code += "import sys; from pathlib import Path; from airside.server import start, status, stop, scratch, ephemeral\n"
    code += "d = Path(sys.argv[1])\nwith scratch(start(d)) as made, made.connect() as c: c.execute('SELECT 1')\n"
    code += "assert status(d).running and stop(d)\nwith ephemeral() as s: s.connect().close()\nprint('done')"
    done = subprocess.run(
        [interpreter, "-c", code, place / "data"], capture_output=True, text=True, cwd="/", **identity
    )  # type: ignore[call-overload]
    assert done.stdout == "done\n", done.stderr
    assert owner_of(place / "data") == nobody.pw_uid


def _interpreter_for(identity: dict[str, object]) -> str:
    for interpreter in (sys.executable, "/usr/bin/python3"):
        code = f"import site; site.addsitedir({str(SITE)!r}); import airside.server"
        try:
            done = subprocess.run([interpreter, "-c", code], cwd="/", capture_output=True, **identity)  # type: ignore[call-overload]
        except OSError:
            continue
        if done.returncode == 0:
            return interpreter
    pytest.skip("no interpreter that an unprivileged user can run")


# --- throw-away servers ----------------------------------------------------------------------------------------


def test_a_throw_away_server_is_gone_after_a_failure() -> None:
    folders: list[Path] = []

    def work() -> None:
        with ephemeral(settings={"work_mem": "5MB"}) as server, server.connect() as connection:
            folders.append(Path(server.host or ""))
            assert connection.execute("SHOW work_mem").fetchone() == ("5MB",)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert not folders[0].exists()


def test_a_throw_away_server_of_a_killed_process_is_removed() -> None:
    code = "import time; from airside.server import ephemeral\n"
    code += "with ephemeral() as s:\n print(s.host, flush=True)\n time.sleep(60)"
    process = python(code)
    assert process.stdout
    folder = Path(process.stdout.readline().strip())
    found = living(folder / "data")
    assert found
    process.kill()
    process.communicate()
    with ephemeral():
        pass
    assert not folder.exists()
    assert not alive(found.pid)


# --- reaching a server -----------------------------------------------------------------------------------------


def test_a_wrong_password(home: Path) -> None:
    server = replace(start(home), password="hunter2hunter2")
    error = refusal(server.connect)
    assert isinstance(error, AuthenticationFailed)
    assert "hunter2" not in repr(error) + str(error)
    assert isinstance(refusal(replace(server, password=None).connect), AuthenticationFailed)
    assert isinstance(refusal(replace(server, user="nobody_known").connect), AuthenticationFailed)


def test_a_database_that_does_not_exist(home: Path) -> None:
    server = start(home)
    error = refusal(lambda: server.connect("exotic_travel_prod"))
    assert isinstance(error, NotProvisioned)
    assert "airside provision" in str(error)
    with replace(server, maintenance="exotic_travel_prod").connect() as connection:
        assert connection.info.dbname == "postgres"


def test_nothing_listens() -> None:
    assert isinstance(refusal(Server("127.0.0.1", 1).connect), NoServer)
    assert isinstance(refusal(Server("host.invalid", 1).connect), NoServer)
    assert isinstance(refusal(Server("/nonexistent", 1).connect), NoServer)
    assert isinstance(refusal(Server("127.0.0.1", 1, params=(("sslmode", "x"),)).connect), ConfigurationError)


def test_a_server_that_goes_away(home: Path) -> None:
    server = start(home)
    connection = server.connect(autocommit=True)
    stop(home)
    with pytest.raises(psycopg.OperationalError) as lost:
        connection.execute("SELECT 1")
    assert isinstance(translate(lost.value, server), ServerGone)
    with pytest.raises(psycopg.OperationalError) as closed:
        connection.execute("SELECT 1")
    assert isinstance(translate(closed.value, server), ServerGone)
    with start(home).connect() as again, pytest.raises(psycopg.Error) as wrong:
        again.execute("SELECT nonsense")
    assert translate(wrong.value, server) is None


def test_programs_reach_it_by_environment_and_by_url(home: Path) -> None:
    server = start(home)
    psql = find().tool("psql")
    environ = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **server.environment("kept")}
    for place in ([], [server.url("kept")]):
        done = subprocess.run(
            [psql, "-XAtc", "SELECT current_database()", *place], env=environ, capture_output=True, text=True
        )
        assert done.stdout == "kept\n", done.stderr


def test_the_marker_remembers_the_port(home: Path) -> None:
    server = start(home)
    assert json.loads((home / "airside.json").read_text()) == {"major": server.major, "port": server.port}
