-- airside: per user
-- Everybody is a customer; agents have been made agents by the administrator.
INSERT INTO user_roles (id, user_id, role, granted_at, granted_by)
SELECT
    pg_temp.id('role ' || r.role, s.n),
    pg_temp.id('user', s.n),
    r.role,
    pg_temp.joined(s.n),
    CASE WHEN r.role = 'agent' THEN pg_temp.id('user', 0) END
FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
CROSS JOIN (VALUES ('customer'), ('agent'), ('admin')) AS r (role)
WHERE CASE r.role WHEN 'admin' THEN s.n = 0 WHEN 'agent' THEN s.n BETWEEN 1 AND pg_temp.agents() ELSE TRUE END;
