"""The server process of a data directory: alive, starting, or only remembered by a stale `postmaster.pid`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..schema.core.errors import ServerGone
from .account import Account, write_file

PID_FILE = "postmaster.pid"
# above every pid_max: PostgreSQL takes the file for stale, yet still looks for backends that outlived their server
_NOBODYS_PID = 2147483646
_POLL = 0.02


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What `postmaster.pid` says. `status` is `starting`, `ready`, `standby` or `stopping`."""

    pid: int
    port: int
    status: str


def remembered(data_dir: Path) -> Postmaster | None:
    """What the pid file says, whether or not it is still true; None without one, or while it is being written."""
    try:
        lines = (data_dir / PID_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    # line by line: pid, data directory, start time, port, socket folder, address, shared memory, status
    if not lines or not lines[0].strip().lstrip("-").isdecimal():
        return None
    port = int(lines[3]) if len(lines) > 3 and lines[3].strip().isdecimal() else 0
    status = lines[7].strip() if len(lines) > 7 else "starting"
    return Postmaster(abs(int(lines[0])), port, status)


def living(data_dir: Path) -> Postmaster | None:
    """The server that runs in `data_dir` now, or None."""
    found = remembered(data_dir)
    return found if found and _serves(found.pid, data_dir) else None


def settled(data_dir: Path, timeout: float) -> Postmaster | None:
    """The server once it is neither starting nor stopping, or None when none runs.

    Raises ServerGone after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while (found := living(data_dir)) and found.status in ("starting", "stopping"):
        if time.monotonic() > deadline:
            raise ServerGone(
                f"the server (pid {found.pid}) has been {found.status} for {timeout:.0f} s",
                where=str(data_dir),
                next_step="look into its log, or wait and run the command again",
            )
        time.sleep(_POLL)
    return found


def defuse(data_dir: Path, account: Account | None) -> None:
    """Make a pid file harmless, where no server lives, whose number belongs to another program by now.

    PostgreSQL would take that program for its server and refuse to start. The file is not removed: its
    shared-memory key keeps PostgreSQL from starting beside backends that outlived their server.
    """
    path = data_dir / PID_FILE
    if not path.exists():
        return
    if remembered(data_dir) is None:
        # its writer died at once; PostgreSQL refuses to start over an empty one
        path.unlink()
        return
    _, *rest = path.read_text(encoding="utf-8", errors="replace").splitlines()
    write_file(path, "\n".join([str(_NOBODYS_PID), *rest, ""]), account)


def shut_down(data_dir: Path, *, immediate: bool, timeout: float, pg_ctl: Path | None = None) -> bool:
    """Stop the server of `data_dir` and wait for it; False when none runs.

    Raises ServerGone after `timeout` seconds.
    """
    found = living(data_dir)
    if found is None:
        return False
    _signal(found.pid, "QUIT" if immediate else "INT", pg_ctl)
    deadline = time.monotonic() + timeout
    while _serves(found.pid, data_dir):
        if time.monotonic() > deadline:
            raise ServerGone(
                f"the server (pid {found.pid}) did not stop within {timeout:.0f} s",
                where=str(data_dir),
                next_step="look into its log, or wait and run the command again",
            )
        time.sleep(_POLL)
    return True


if sys.platform == "win32":

    def _serves(pid: int, data_dir: Path) -> bool:
        # os.kill(pid, 0) would end the process on Windows
        listed = subprocess.run(
            ["tasklist", "/FI", f"PID eq {pid}", "/NH"], capture_output=True, text=True, check=False
        )
        return "postgres" in listed.stdout.lower() and (data_dir / PID_FILE).exists()

    def _signal(pid: int, name: str, pg_ctl: Path | None) -> None:
        subprocess.run([pg_ctl or "pg_ctl", "kill", name, str(pid)], capture_output=True, check=False)

else:

    def _serves(pid: int, data_dir: Path) -> bool:
        """Whether the process is a postgres whose command line names this data directory."""
        arguments = _command_line(pid)
        if arguments is None:
            return _exists(pid)
        if not arguments or not Path(arguments[0]).name.startswith("postgres"):
            return False
        return any(_same(argument, data_dir) for argument in arguments[1:])

    def _exists(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except PermissionError:
            pass
        return True

    def _command_line(pid: int) -> list[str] | None:
        """The words of it; None when the process is gone or the system hides it (mount option hidepid)."""
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            if Path("/proc/self").exists():
                return None
            listed = subprocess.run(
                ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
            )
            program, _, data_dir = listed.stdout.strip().partition(" -D ")
            return [program, data_dir]
        return [os.fsdecode(part) for part in raw.split(b"\0")]

    def _same(argument: str, data_dir: Path) -> bool:
        try:
            return argument.startswith("/") and Path(argument).samefile(data_dir)
        except OSError:
            return False

    def _signal(pid: int, name: str, pg_ctl: Path | None) -> None:  # noqa: ARG001 (same on every platform)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT if name == "QUIT" else signal.SIGINT)
