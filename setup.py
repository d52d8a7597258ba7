"""The rooms of the checkout are installed as one import package, `airside`."""

from setuptools import find_packages, setup

# the pages of the rules, which `airside check --explain` prints
PAGES = "airside.migrations.checks.pages"
ROOMS = ("schema", "server", "migrations", "partitions", "privacy", "seeds", "cli")


def packages() -> list[str]:
    found: list[str] = []
    for room in ROOMS:
        found.append(f"airside.{room}")
        found += [f"airside.{room}.{name}" for name in find_packages(room)]
    return [*found, PAGES]


setup(
    packages=packages(),
    package_dir={**{f"airside.{room}": room for room in ROOMS}, PAGES: "docs/rules"},
    package_data={
        PAGES: ["*.md"],
        "airside.schema": ["py.typed", "*.toml", "**/*.sql"],
        "airside.migrations": ["py.typed", "*.mako", "**/*.sql", "*/*/*.py"],
        "airside.seeds": ["py.typed", "**/*.sql", "**/*.csv", "**/*.json", "**/*.toml"],
        **{
            f"airside.{room}": ["py.typed", "**/*.sql"]
            for room in ROOMS
            if room not in ("schema", "migrations", "seeds")
        },
    },
)
