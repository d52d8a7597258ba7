-- safe
-- given
CREATE TYPE pair AS (a int, b int);
-- migration
ALTER TYPE pair ADD ATTRIBUTE c int;
