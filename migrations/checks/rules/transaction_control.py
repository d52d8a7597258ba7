"""BEGIN and COMMIT in a migration that somebody else's transaction surrounds, or that do not match."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Effect
from ..model import Context, Finding, Rule, Step, about
from ..places import kind_of

NAME = "transaction-control"
_BEGINS = frozenset({pg_query_pb2.TRANS_STMT_BEGIN, pg_query_pb2.TRANS_STMT_START})
_ENDS = frozenset(
    {
        pg_query_pb2.TRANS_STMT_COMMIT,
        pg_query_pb2.TRANS_STMT_ROLLBACK,
        pg_query_pb2.TRANS_STMT_PREPARE,
    }
)
_SAFE = "leave transactions to the tool that runs the migration; what must not run in one goes into a file without"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    open_since: Effect | None = None
    told_of = 0
    for effect in step.effects:
        if effect.tree is None or kind_of(effect) != "transaction_stmt":
            continue
        kind = effect.tree.transaction_stmt.kind
        if kind in _BEGINS:
            if open_since is not None:
                told_of += 1
                yield _finding(
                    effect, "a transaction is open already: PostgreSQL only warns, and the first COMMIT ends both"
                )
            elif effect.transactional and effect is not step.effects[0] and _within_another(step, effect):
                yield _finding(effect, "the migration runs in a transaction already: this one begins nothing")
            open_since = effect
        elif kind in _ENDS:
            if open_since is None and told_of:
                # the COMMIT that belongs to the BEGIN that began nothing
                told_of -= 1
            elif open_since is None:
                ended = "commits" if kind == pg_query_pb2.TRANS_STMT_COMMIT else "ends"
                yield _finding(
                    effect, f"the statement {ended} a transaction that the migration did not begin: what is after it"
                    " runs"
                    " unprotected, and a failure leaves half of it behind"
                )  # fmt: skip
            elif kind == pg_query_pb2.TRANS_STMT_ROLLBACK:
                yield _finding(effect, "the migration rolls its own statements back: they do nothing")
            open_since = effect if effect.tree.transaction_stmt.chain else None
    if open_since is not None and not any(effect.error for effect in step.effects):
        yield _finding(
            open_since, "the transaction is never committed: everything after it is lost when the session ends"
        )


def _within_another(step: Step, effect: Effect) -> bool:
    before = step.effects[: step.effects.index(effect)]
    return any(item.transactional and item.transaction == effect.transaction for item in before)


def _finding(effect: Effect, message: str) -> Finding:
    return about(NAME, effect, message, _SAFE)


RULE = Rule(
    NAME, "BEGIN, COMMIT and ROLLBACK do not match the transaction that is there.", judge, directions=("up", "down")
)
