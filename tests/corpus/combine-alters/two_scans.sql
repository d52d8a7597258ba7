-- expects: combine-alters, set-not-null-scan
-- given
CREATE TABLE orders (id bigint PRIMARY KEY, state text, note text);
-- migration
ALTER TABLE orders ALTER COLUMN state SET NOT NULL;
ALTER TABLE orders ALTER COLUMN note SET NOT NULL;
