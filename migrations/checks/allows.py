"""Findings that their author allows, in a comment of the revision that gives the reason.

In SQL (`-- airside: ...`) and in Python (`# airside: ...`):

    airside: allow RULE[, RULE] because REASON              the statement below, or the one the comment stands in
    airside: allow-file RULE[, RULE] because REASON         the whole file
    airside: allow RULE[, RULE] on OBJECT because REASON    what the history says about a table or another object

In Python a comment above `def upgrade` or `def downgrade` is about all that the function does.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import postgast
from postgast import PgQueryError, pg_query_pb2

from ...schema.core.errors import DeclarationError
from ...schema.core.sql import parse_script
from .locations import location_of
from .model import Finding
from .report import Allowed
from .scope import EVERYTHING, Scope

UNUSED = "unused-allow"
WITHOUT_REASON = "allow-without-reason"
UNKNOWN = "unknown-rule"

_ALLOW = re.compile(r"(?:--|#)\s*airside:\s*(?P<word>allow(?:-file)?)\b(?P<rest>.*)\Z", re.DOTALL)
_RULES = re.compile(r"\s*(?!because\b|on\b)[\w-]+(?:\s*,\s*[\w-]+)*")
_OBJECT = re.compile(r"\s+on\s+(?P<object>\S.*?)\s*\Z", re.DOTALL)
_FOREVER = 10**9


@dataclass(frozen=True, slots=True)
class Allow:
    """One comment. It covers findings in `file` from line `first` to `last`; with `on` any about that object."""

    file: str
    line: int
    rules: tuple[str, ...]
    reason: str
    first: int
    last: int
    on: str | None = None
    revision: str | None = None

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def whole_file(self) -> bool:
        return self.last >= _FOREVER and self.first == 0

    def covers(self, finding: Finding) -> bool:
        """Whether the comment is about this finding, one of its own rules given."""
        if self.on is not None:
            return self.on in (finding.relation, finding.where.rpartition(" ")[2])
        place = location_of(finding.where)
        if place.file is None:
            return self.whole_file and self.revision is not None and self.revision == finding.revision
        if Path(place.file).absolute() != Path(self.file).absolute():
            return False
        return self.whole_file if place.line is None else self.first <= place.line <= self.last


@dataclass(frozen=True, slots=True)
class Applied:
    """The findings that are left, those about the comments among them, and those that were allowed."""

    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...]


def apply(
    findings: Iterable[Finding],
    allows: Sequence[Allow],
    known: Collection[str],
    *,
    scope: Scope = EVERYTHING,
    static: bool = False,
) -> Applied:
    """Take away what is allowed. `known` are the names that can be allowed.

    An allow that gives no reason, names no rule or is not needed is a finding itself; none is called unneeded that
    is out of scope, or after a `static` run, which does not see all that there is.
    """
    left: list[Finding] = []
    allowed: list[Allowed] = []
    used: set[tuple[Allow, str]] = set()
    for finding in findings:
        covering = [allow for allow in allows if finding.check in allow.rules and allow.covers(finding)]
        used.update((allow, finding.check) for allow in covering)
        if covering and finding.check in known:
            best = max(covering, key=lambda allow: bool(allow.reason))
            allowed.append(Allowed(finding, best.reason, best.where))
        else:
            left.append(finding)
    for allow in allows:
        if scope.judged(allow.revision):
            needed = set(allow.rules) if static or (allow.on and scope.revisions is not None) else set[str]()
            needed.update(name for given, name in used if given == allow)
            left += _faults(allow, known, needed)
    return Applied(tuple(left), tuple(allowed))


def _faults(allow: Allow, known: Collection[str], needed: Collection[str]) -> Iterator[Finding]:
    if not allow.rules or not allow.reason:
        yield Finding(
            WITHOUT_REASON,
            allow.where,
            "the comment gives no reason" if allow.rules else "the comment names no rule",
            "write: airside: allow RULE because REASON",
            "error",
            allow.revision,
        )
    for name in allow.rules:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            yield Finding(
                UNKNOWN,
                allow.where,
                f"there is no rule {name}{f'; {near[0]}?' if near else ''}",
                "airside check --rules lists them",
                "error",
                allow.revision,
            )
        elif name not in needed:
            yield Finding(
                UNUSED,
                allow.where,
                f"nothing is found here that {name} would allow",
                "delete the comment, or put it directly above its statement",
                "warning",
                allow.revision,
            )


def read_allows(sources: Iterable[tuple[str | None, Path]]) -> tuple[Allow, ...]:
    """The allows of revisions' files, each with the id of its revision; a file that is not there has none."""
    found: list[Allow] = []
    for revision, path in sources:
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            if "airside:" not in text:
                continue
            found += (python_allows if path.suffix == ".py" else sql_allows)(text, str(path), revision)
    return tuple(found)


def sql_allows(text: str, file: str, revision: str | None = None) -> tuple[Allow, ...]:
    """The allows of an SQL file. One that does not parse has none: that is a finding of its own."""
    try:
        statements = parse_script(text, origin=file)
        tokens = postgast.scan(text).tokens
    except (DeclarationError, PgQueryError):
        return ()
    spans = [(item.line, item.line + item.sql.count("\n")) for item in statements]
    raw = text.encode()
    comments = (
        (raw.count(b"\n", 0, token.start) + 1, raw[token.start : token.end].decode())
        for token in tokens
        if token.token == pg_query_pb2.SQL_COMMENT
    )
    return tuple(_read(comments, file, revision, lambda line: _span_of(line, spans)))


def _span_of(line: int, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The statement that the line is in, else the next one."""
    return next(((first, last) for first, last in spans if line <= last), (line, line))


def python_allows(text: str, file: str, revision: str | None = None) -> tuple[Allow, ...]:
    """The allows of a Python revision. One that is not Python has none: that is a finding of its own."""
    try:
        tree = ast.parse(text)
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (SyntaxError, ValueError, tokenize.TokenError):
        return ()
    spans = sorted(_spans(tree))
    comments = ((token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT)
    return tuple(_read(comments, file, revision, lambda line: _span_of_python(line, spans)))


def _spans(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """The lines of each statement; of one that holds others its head alone, but the whole of a function."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        body: list[ast.stmt] = getattr(node, "body", [])
        if isinstance(node, ast.FunctionDef) or not body:
            yield node.lineno, node.end_lineno or node.lineno
        else:
            yield node.lineno, max(node.lineno, body[0].lineno - 1)


def _span_of_python(line: int, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The innermost statement around the line that is no function, else the next one."""
    within = [span for span in spans if span[0] <= line <= span[1]]
    narrow = min(within, key=lambda span: span[1] - span[0], default=None)
    following = next((span for span in spans if span[0] > line), (line, line))
    if narrow is None:
        return following
    return following if any(narrow[0] <= span[0] <= narrow[1] for span in spans if span != narrow) else narrow


def _read(
    comments: Iterable[tuple[int, str]], file: str, revision: str | None, span_of: Callable[[int], tuple[int, int]]
) -> Iterator[Allow]:
    for line, text in comments:
        found = _ALLOW.match(text)
        if not found:
            continue
        head, _, reason = re.sub(r"\s+", " ", found["rest"]).partition(" because")
        rules = _RULES.match(head)
        names = tuple(name.strip() for name in rules[0].split(",")) if rules else ()
        on = _OBJECT.match(head, rules.end()) if rules else None
        first, last = (0, _FOREVER) if found["word"] == "allow-file" else span_of(line)
        yield Allow(file, line, names, reason.strip(), first, last, on["object"] if on else None, revision)
