-- expects: serial-or-generated-column
-- given
CREATE TABLE tags (id bigint, name text NOT NULL);
INSERT INTO tags VALUES (1, 'a'), (2, 'b');
-- migration
ALTER TABLE tags ADD COLUMN number bigserial PRIMARY KEY;
