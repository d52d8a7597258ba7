-- expects: storage-rewrite
-- given
CREATE UNLOGGED TABLE cache (id int PRIMARY KEY, body text);
-- migration
ALTER TABLE cache SET LOGGED;
