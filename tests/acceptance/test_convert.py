"""From a plain table to a partitioned one as a user goes about it: declaration, conversion, revision, stamp."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from airside.schema.core.sql import split

from .shop import Airside, Shop

PLAIN = """

class Order(Base):
    \"\"\"What somebody bought.\"\"\"

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(){key})
    __table_args__ = (Index("orders_at", "at"), {options})


from datetime import date, datetime
from airside.schema.core import RangePartitions, partitioned
from sqlalchemy import DateTime, Index, func

POLICY = RangePartitions("at", "month", "orders_{{year}}_{{month:02}}", start=date(2026, 1, 1))
"""


def declare(shop: Shop, *, partitioned: bool) -> None:
    """The orders, plain or partitioned by month."""
    options = '{"postgresql_partition_by": POLICY.clause, "info": partitioned(POLICY)}' if partitioned else "{}"
    model, _, imports = PLAIN.format(key=", primary_key=True" if partitioned else "", options=options).partition(
        "\n\nfrom"
    )
    shop.project.declare(model)
    module = shop.project.folder / f"{shop.project.module}.py"
    module.write_text(f'"""A shop."""\n\nfrom{imports}\n{module.read_text()}')


def drafted(shop: Shop, airside: Airside, folder: Path) -> list[str]:
    """The statements on orders that a first revision of the declaration has."""
    shutil.copytree(shop.project.folder, folder, ignore=shutil.ignore_patterns("migrations", "__pycache__"))
    (folder / "migrations").mkdir()
    airside("revision", shop.project.name, "-m", "everything", cwd=folder)
    (script,) = (folder / "migrations").glob("*.up.sql")
    return [text for _, text in split(script.read_text(), origin="draft") if "orders" in text]


def test_convert_then_stamp_leaves_no_drift(shop: Shop, airside: Airside, tmp_path: Path) -> None:
    declare(shop, partitioned=False)
    shop("revision", "-m", "orders")
    shop("provision")
    shop.execute("INSERT INTO customers (email) SELECT 'c' || n FROM generate_series(1, 10) AS n")
    shop.execute("INSERT INTO orders (customer_id) SELECT n % 10 + 1 FROM generate_series(1, 500) AS n")
    declare(shop, partitioned=True)
    assert "partitions convert" in shop("revision", "-m", "by month", code=None).stderr

    name = shop.project.name
    planned = airside("partitions", "convert", name, "orders", "--dry-run", cwd=shop.project.folder).stdout
    assert "PARTITION BY RANGE (at)" in planned
    done = airside("partitions", "convert", name, "orders", "--json", cwd=shop.project.folder)
    found = json.loads(done.stdout)
    assert found["rows"] == 500
    assert shop.execute("SELECT count(*) FROM orders") == [(500,)]

    statements = drafted(shop, airside, tmp_path / "draft")
    up = "-- airside: data-loss table public.orders\nDROP TABLE orders;\n" + ";\n".join(statements) + ";\n"
    shop.project.revision(2, up, "SELECT 1;\n", message="by_month")
    shop("stamp", "0002")
    assert "no drift" in shop("drift").stdout
    again = airside("partitions", "convert", name, "orders", cwd=shop.project.folder).stdout
    assert "orders is partitioned" in again
    dropped = airside("partitions", "convert", name, "orders", "--drop-old", cwd=shop.project.folder).stdout
    assert found["old"] in dropped
    assert "nothing to do" in airside("partitions", "roll", name, cwd=shop.project.folder).stdout
    shop.execute("INSERT INTO orders (customer_id) VALUES (1)")
    assert shop.execute("SELECT max(id) FROM orders") == [(501,)]


def test_drain_says_what_it_moved(shop: Shop) -> None:
    declare(shop, partitioned=True)
    shop("revision", "-m", "orders")
    shop("provision")
    shop.execute("INSERT INTO customers (email) VALUES ('c')")
    shop.execute("CREATE TABLE public.orders_default PARTITION OF orders DEFAULT")
    shop.execute("INSERT INTO orders (customer_id, at) VALUES (1, '2040-05-05'), (1, 'infinity')")
    name, folder = shop.project.name, shop.project.folder
    refused = shop.airside("partitions", "drain", name, cwd=folder, code=3)
    assert "permission denied for table orders_default" in refused.stderr
    shop.airside("partitions", "roll", name, cwd=folder)
    shop.execute(f"ALTER TABLE public.orders_default OWNER TO {name}_owner")
    assert "orders_default" in shop.airside("partitions", "drain", name, "--dry-run", cwd=folder).stdout
    said = shop.airside("partitions", "drain", name, cwd=folder).stdout
    assert "1 row to 1 partition; 1 row without a partition to go to" in said
    assert (
        "rows in the DEFAULT partition orders_default" in shop.airside("partitions", "status", name, cwd=folder).stdout
    )
    assert shop.execute("SELECT count(*) FROM orders_2040_05") == [(1,)]


def test_what_cannot_be_converted_is_said_on_one_line(shop: Shop) -> None:
    declare(shop, partitioned=False)
    shop("revision", "-m", "orders")
    shop("provision")
    shop.execute("CREATE MATERIALIZED VIEW public.m AS SELECT count(*) FROM orders")
    declare(shop, partitioned=True)
    done = shop.airside("partitions", "convert", shop.project.name, "orders", cwd=shop.project.folder, code=4)
    assert done.stderr.count("\n") == 1
    assert "materialized view m" in done.stderr
    done = shop.airside("partitions", "convert", shop.project.name, "customers", cwd=shop.project.folder, code=2)
    assert "no table customers is declared to be partitioned" in done.stderr
