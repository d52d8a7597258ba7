-- safe
-- given
CREATE TABLE flags (id int PRIMARY KEY, f varbit(8));
-- migration
ALTER TABLE flags ALTER COLUMN f TYPE varbit(16);
