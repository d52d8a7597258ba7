"""Speed, each figure a ratio to a peer measured in the same run on the same throw-away server.

    python bench/speed.py [--json]

1. drift check in process at 60 tables against Alembic's comparison in process (aim: at most 0.20)
2. drift check at 500 tables against the same at 60 (aim: at most 3)
3. `airside --help` against `alembic --help` (aim: at most 0.125)
4. provisioning exotic_travel and flight_schedule from nothing, in process, against replaying the same SQL files with
   psql (aim: at most 2) and against plain `alembic upgrade head` for each database in turn (aim: at most 0.5)
5. the same for all fourteen, ours and psql in parallel (aims: at most 2, and at most a third of alembic's)

Interpreter start is left out of ours; alembic's is measured (`alembic --help`) and the ratio without it given as well.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from airside.migrations.authoring import draft, write
from airside.migrations.drift import drift
from airside.migrations.provision import provision
from airside.migrations.session import Session
from airside.schema.core.registry import Entry, load_registry
from airside.server import Server, ephemeral
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from provisioning import provision_times
from sqlalchemy import NullPool, create_engine

ROOT = Path(__file__).parents[1]
RUNS = 5

TABLE = """
class T{n}(Base):
    __tablename__ = "t{n}"
    __table_args__ = (Index("ix_t{n}_a", "a"), Index("ix_t{n}_b", "b", "c"), CheckConstraint("d > 0", name="ck_t{n}_d"))
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("t{parent}.id"))
    a: Mapped[str] = mapped_column(String(50))
    b: Mapped[int]
    c: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))
    d: Mapped[int] = mapped_column(server_default=text("1"))
    e: Mapped[str | None] = mapped_column(Text, unique=True)
    f: Mapped[bool] = mapped_column(server_default=text("false"))
    g: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    h: Mapped[str | None] = mapped_column(String(10))
"""
MODULE = """
from datetime import datetime
from decimal import Decimal
from airside.schema.core import NAMING_CONVENTION, Database
from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, MetaData, Numeric, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)
{tables}
database = Database("{name}", metadata=Base.metadata)
"""


def timed(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median of several runs, in seconds."""
    taken: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def project(folder: Path, tables: int) -> Entry:
    """A registered database with this many tables: ten columns, a foreign key, two indexes, a unique, a check each."""
    name = f"bench_{tables}"
    source = "".join(TABLE.format(n=n, parent=max(n - 1, 0)) for n in range(tables))
    (folder / f"{name}_schema.py").write_text(MODULE.replace("{tables}", source).replace("{name}", name))
    (folder / "airside.toml").write_text(
        f'[[databases]]\nsystem = "bench"\nname = "{name}"\nmodule = "{name}_schema"\nmigrations = "{name}"\n'
    )
    return load_registry(folder).one(name)


def drift_at(server: Server, folder: Path, tables: int) -> tuple[Entry, float, float]:
    """Provision a project; seconds of a drift check with a warm and with a cold cache."""
    entry = project(folder, tables)
    database = entry.load()
    write(entry, draft(server, entry, database, "create tables"))
    provision(server, entry, database, Session(entry, server, entry.name, database.roles))

    def check() -> None:
        found = drift(server, entry, database)
        assert not found.changes, found.changes

    began = time.perf_counter()
    check()
    cold = time.perf_counter() - began
    return entry, timed(check), cold


def alembic_comparison(server: Server, entry: Entry) -> float:
    """`alembic check` in process: connect, reflect, compare."""
    metadata = entry.load().metadata
    engine = create_engine(server.sqlalchemy_url(entry.name), poolclass=NullPool)

    def check() -> None:
        with engine.connect() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    return timed(check)


def help_times() -> tuple[float, float]:
    folder = Path(sys.executable).parent

    def run(name: str) -> Callable[[], object]:
        return lambda: subprocess.run([folder / name, "--help"], capture_output=True, check=True)

    run("airside")()
    run("alembic")()
    return timed(run("airside"), 9), timed(run("alembic"), 9)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    registry = load_registry(ROOT)
    two = registry.resolve("exotic_travel") + registry.resolve("flight_schedule")
    fourteen = registry.entries
    with ephemeral() as server:
        # first of all: workers are forked from this process, as they are from a fresh command
        of_all = provision_times(server, fourteen, parallel=True, runs=RUNS)
        of_two = provision_times(server, two, parallel=False, runs=RUNS)
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large, ephemeral() as server:
        os.environ["AIRSIDE_CACHE_DIR"] = str(Path(small) / "cache")
        entry, at_60, cold_60 = drift_at(server, Path(small), 60)
        alembic_60 = alembic_comparison(server, entry)
        _, at_500, cold_500 = drift_at(server, Path(large), 500)
    ours_help, alembic_help = help_times()
    rows = [
        ("drift at 60 tables / alembic check at 60", at_60, alembic_60, 0.2),
        ("drift at 500 tables / drift at 60", at_500, at_60, 3.0),
        ("airside --help / alembic --help", ours_help, alembic_help, 0.125),
        ("provision two systems / psql replay", of_two["ours"], of_two["psql"], 2.0),
        ("provision two systems / alembic upgrade head", of_two["ours"], of_two["alembic"], 0.5),
        ("provision fourteen in parallel / psql replay", of_all["ours"], of_all["psql"], 2.0),
        ("provision fourteen in parallel / alembic in turn", of_all["ours"], of_all["alembic"], 1 / 3),
    ]
    if options.json:
        print(json.dumps([dict(zip(("what", "seconds", "peer", "aim"), row, strict=True)) for row in rows], indent=2))
    else:
        for what, seconds, peer, aim in rows:
            verdict = "ok" if seconds / peer <= aim else "MISSED"
            figures = f"{seconds * 1000:9.1f} ms {peer * 1000:9.1f} ms  ratio {seconds / peer:6.3f}  aim {aim:.3g}"
            print(f"{what:50} {figures}  {verdict}")
        cold = f"{cold_60 * 1000:.0f} ms at 60 tables, {cold_500 * 1000:.0f} ms at 500"
        for times, count in ((of_two, len(two)), (of_all, len(fourteen))):
            without = times["ours"] / (times["alembic"] - count * alembic_help)
            print(f"provision {count} databases / alembic without its interpreter start: ratio {without:.3f}")
        print(f"the first drift check after a change replays the history: {cold}")
    return 0 if all(seconds / peer <= aim for _, seconds, peer, aim in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
