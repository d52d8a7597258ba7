"""What the tests of `airside seed` share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial

from airside.cli.parallel import each
from airside.cli.provision import provision_entry
from airside.schema.core.registry import load_registry
from airside.server import Server

SYSTEM = "flight_services"
SPAN = ("--from", "2025-11-21", "--to", "2026-05-21")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def provision(server: Server, *targets: str) -> None:
    """Databases that are marked development."""
    entries = [entry for target in targets for entry in load_registry().resolve(target)]
    for _ in each(partial(provision_entry, environment="development"), server, entries):
        pass


def environment_of(server: Server, environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "AIRSIDE_URL": server.url("postgres", show_password=True)}


def seeder(environment: dict[str, str]) -> Run:
    """Runs `airside seed ARGS...` on a server and expects an exit code."""

    def run(server: Server, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "airside.cli", "seed", *arguments],
            env=environment_of(server, environment),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    return run
