"""The page of each rule, as `airside check --explain` prints it and reports link to it."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from pathlib import Path

from ...schema.core.errors import UsageError
from .beside import CHECKS

_INSTALLED = Path(__file__).parent / "pages"
_CHECKOUT = Path(__file__).parents[2] / "docs" / "rules"
_DOCUMENTATION = "Documentation"


def folder() -> Path:
    """Where the pages are: in the installed package, or in a checkout's docs."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def page(rule: str) -> str | None:
    """The Markdown page of a rule; None where there is none."""
    path = folder() / f"{rule}.md"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def explained(rule: str) -> str:
    """The page of a rule, or what a check beside the rules finds. Raises UsageError, naming near ones, for no such."""
    if rule in CHECKS:
        return f"# {rule}\n\n{CHECKS[rule]}\n"
    found = page(rule) if Path(rule).name == rule else None
    if found is not None and rule != "README":
        return found
    from difflib import get_close_matches

    near = get_close_matches(rule, [path.stem for path in folder().glob("*.md")], n=3, cutoff=0.4)
    raise UsageError(
        f"there is no rule {rule!r}",
        where="--explain",
        next_step=f"airside check --explain {near[0]}" if near else "airside check --rules lists them",
    )


@cache
def documentation() -> str | None:
    """The address of the documentation as the installed package gives it (`Project-URL: Documentation`), if it does."""
    try:
        given = metadata.metadata("airside").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return None
    named = (str(entry).partition(",") for entry in given)
    return next((url.strip().rstrip("/") for name, _, url in named if name.strip() == _DOCUMENTATION), None)
