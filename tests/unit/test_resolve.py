"""Which server is chosen, and how its address reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.schema.core.errors import ConfigurationError, NoServer
from airside.server import Server, resolve

URL = "postgresql://ann:s3cret@db.example:5433/app"


def test_the_url_given_comes_first() -> None:
    server = resolve(URL, {"AIRSIDE_URL": "postgresql://other/x", "PGHOST": "third"})
    assert (server.host, server.port, server.user, server.password) == ("db.example", 5433, "ann", "s3cret")
    assert server.maintenance == "app"


@pytest.mark.parametrize(
    ("environ", "host"),
    [
        ({"AIRSIDE_URL": URL, "DATABASE_HOST": "second", "PGHOST": "third"}, "db.example"),
        ({"DATABASE_HOST": "second", "PGHOST": "third"}, "second"),
        ({"PGHOST": "third"}, "third"),
    ],
)
def test_the_environment_in_order(environ: dict[str, str], host: str) -> None:
    assert resolve(None, environ).host == host


def test_the_five_parts() -> None:
    parts = {"HOST": "h", "PORT": "6000", "NAME": "travel", "USER": "u", "PASSWORD": "p@ss"}
    server = resolve(None, {f"DATABASE_{name}": value for name, value in parts.items()})
    assert server == Server("h", 6000, "u", "p@ss", maintenance="travel")


def test_libpq_variables_bring_their_settings() -> None:
    server = resolve(None, {"PGHOST": "h", "PGSSLMODE": "verify-full", "PGPASSWORD": "p", "PGDATABASE": "d"})
    assert dict(server.params) == {"sslmode": "verify-full"}
    assert (server.password, server.maintenance) == ("p", "d")


def test_a_service_leaves_the_address_to_libpq() -> None:
    server = resolve(None, {"PGSERVICE": "prod"})
    assert (server.host, server.port, server.where) == (None, None, "service prod")


def test_a_port_alone_means_this_machine() -> None:
    server = resolve(None, {"PGPORT": "1"})
    assert (server.host, server.port) == ("localhost", 1)


def test_user_alone_does_not_name_a_server(tmp_path: Path) -> None:
    with pytest.raises(NoServer, match="airside up"):
        resolve(None, {"PGUSER": "ann", "AIRSIDE_DATA_DIR": "/nonexistent/pg", "PATH": str(tmp_path)})


def test_drivers_of_sqlalchemy_are_understood() -> None:
    assert resolve("postgresql+psycopg://h/x", {}).host == "h"
    assert resolve("postgres://h/x", {}).host == "h"
    assert resolve("host=h port=7 password='a b'", {}).password == "a b"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:s3cret@host:54x2/app",
        "postgresql://ann:s3cret@host:99999/app",
        "postgresql://ann:s3cret%ZZ@host/app",
        "postgresql://ann:x@s3cret@host/app",
        "postgresql://ann:s3cret@host/app?nonsense=s3cret",
        "postgresql://ann:s3cret@[::1/app",
        "postgresql://ann:s3cret@a:1,b:2,c/app?port=1,2",
        "mysql://ann:s3cret@host/app",
        "ann:s3cret",
        "host=h passwort=s3cret",
        "host=h connect_timeout=s3cret",
    ],
)
def test_a_bad_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        resolve(url, {})
    assert refused.value.exit_code == 2
    assert refused.value.where == "--url"
    assert "s3cret" not in f"{refused.value!s} {refused.value!r}"


def test_the_error_names_where_the_address_came_from() -> None:
    with pytest.raises(ConfigurationError, match="AIRSIDE_URL"):
        resolve(None, {"AIRSIDE_URL": "nonsense"})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann@db.example:5433/app",
        "postgresql://a%40b:x%2Fy%3Az@[::1]:5432/my%20db?sslmode=require",
        "postgresql://ann@/app?host=%2Frun%2Fpostgresql&port=5433",
        "postgresql://ann@a:1,b:2/app?target_session_attrs=read-write",
        "postgresql:///app?service=prod",
    ],
)
def test_a_url_survives_the_way_through(url: str) -> None:
    server = resolve(url, {})
    again = resolve(server.url(server.maintenance, show_password=True), {})
    assert again == server
    assert server.url(server.maintenance, show_password=True) == url


def test_the_password_shows_only_when_asked() -> None:
    server = resolve(URL, {})
    assert "s3cret" not in repr(server)
    assert server.url("x") == "postgresql://ann@db.example:5433/x"
    assert "s3cret" in server.url("x", show_password=True)
    assert "s3cret" not in str(server.sqlalchemy_url("x"))


def test_sqlalchemy_gets_the_same_address() -> None:
    url = resolve(URL, {}).sqlalchemy_url("x")
    assert (url.drivername, url.host, url.port, url.password) == ("postgresql+psycopg", "db.example", 5433, "s3cret")
    socket = Server("/run/pg", 5433, "u").sqlalchemy_url("x")
    assert socket.host is None
    assert socket.query["host"] == "/run/pg"


def test_programs_get_the_password_in_the_environment() -> None:
    server = resolve(f"{URL}?sslmode=require", {})
    assert server.environment("x") == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "ann",
        "PGPASSWORD": "s3cret",
        "PGDATABASE": "x",
        "PGSSLMODE": "require",
        "PGCONNECT_TIMEOUT": "10",
    }


def test_settings_join_the_options_that_are_there() -> None:
    server = Server("h", params=(("options", "-c work_mem=1MB"),)).with_settings(synchronous_commit="off")
    assert dict(server.params)["options"] == "-c work_mem=1MB -c synchronous_commit=off"
