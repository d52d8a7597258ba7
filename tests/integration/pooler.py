"""A PgBouncer of our own in front of the test server, in transaction mode."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from airside.server.account import Account, give, server_account
from airside.server.cluster import free_port
from psycopg.conninfo import make_conninfo

from .declared import ServerLike

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
_STARTS_WITHIN = 10


@contextmanager
def transaction_pool(server: ServerLike, database: str, user: str, password: str, *, size: int) -> Iterator[str]:
    """A connection string whose clients share `size` connections of `user` to the database."""
    account = server_account()
    folder = Path(tempfile.mkdtemp(prefix="airside-pooler-"))
    port, secret = free_port(), secrets.token_urlsafe(16)
    try:
        with server.connect(database) as connection:
            target = {"host": connection.info.host, "port": connection.info.port, "dbname": database}
        settings = _write(folder, account, port, secret, {**target, "user": user, "password": password}, size)
        process = _launch(settings, account)
        try:
            conninfo = make_conninfo(host="127.0.0.1", port=port, dbname="pool", user="client", password=secret)
            _wait(process, conninfo)
            yield conninfo
        finally:
            process.terminate()
            process.communicate(timeout=_STARTS_WITHIN)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, account: Account | None, port: int, secret: str, target: dict[str, object], size: int) -> Path:
    server = " ".join(f"{name}='{value}'" for name, value in target.items())
    users, settings = folder / "users.txt", folder / "pgbouncer.ini"
    users.write_text(f'"client" "{secret}"\n', encoding="ascii")
    settings.write_text(
        f"""[databases]
pool = {server}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 50
log_connections = 0
log_disconnections = 0
""",
        encoding="utf-8",
    )
    give(account, users, settings, folder)
    return settings


def _launch(settings: Path, account: Account | None) -> subprocess.Popen[str]:
    assert PGBOUNCER is not None
    identity = {"user": account.uid, "group": account.gid, "extra_groups": list[int]()} if account else {}
    return subprocess.Popen(
        [PGBOUNCER, str(settings)],
        cwd=os.sep,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        **identity,  # type: ignore[arg-type]
    )


def _wait(process: subprocess.Popen[str], conninfo: str) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(psycopg.OperationalError):
            psycopg.connect(conninfo).close()
            return
        time.sleep(0.05)
    process.terminate()
    raise AssertionError(f"pgbouncer does not answer: {process.communicate()[1]}")
