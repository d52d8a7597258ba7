"""Pauses between tries for locks."""

from __future__ import annotations

from itertools import islice

import pytest
from airside.schema.core.locks import LockBudget


@pytest.mark.parametrize(("timeout", "longest"), [(0.05, 0.5), (0.2, 2.0), (3.0, 2.0), (0.001, 0.1)])
def test_pauses_grow_to_ten_timeouts_and_no_further(timeout: float, longest: float) -> None:
    pauses = list(islice(LockBudget(timeout, deadline=600).pauses(), 50))
    assert max(pauses) <= 1.5 * longest
    # jitter takes at most half away
    assert min(pauses[20:]) >= 0.5 * longest
