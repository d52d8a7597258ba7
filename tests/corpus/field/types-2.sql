-- expects: type-change
-- given
CREATE TABLE hooks (id bigint PRIMARY KEY, payload text);
INSERT INTO hooks VALUES (1, '{}');
-- migration
ALTER TABLE hooks ALTER COLUMN payload TYPE jsonb USING payload::jsonb;
