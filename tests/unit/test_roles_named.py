"""Which roles a check has to make for files."""

from __future__ import annotations

import pytest
from airside.migrations.checks.roles import named_roles
from airside.schema.core.sql import parse_script


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ('GRANT SELECT ON t TO app, "Web App", PUBLIC, CURRENT_USER', {"app", "Web App"}),
        ("CREATE ROLE app; GRANT SELECT ON t TO app", set[str]()),
        ("DO $$ BEGIN CREATE ROLE app; END $$; GRANT SELECT ON t TO app", set[str]()),
        ("GRANT pg_read_all_data TO app", {"app"}),
        ("ALTER TABLE t OWNER TO keeper; CREATE POLICY p ON t TO reader USING (true)", {"keeper", "reader"}),
        ("ALTER DEFAULT PRIVILEGES FOR ROLE maker GRANT SELECT ON TABLES TO reader", {"maker", "reader"}),
        ("CREATE SCHEMA s AUTHORIZATION keeper", {"keeper"}),
    ],
)
def test_roles_are_named_where_statements_do_not_make_them(script: str, names: set[str]) -> None:
    assert named_roles((item.sql, item.tree) for item in parse_script(script, origin="x")) == names
