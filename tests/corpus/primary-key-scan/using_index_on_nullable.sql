-- expects: primary-key-scan
-- given
CREATE TABLE tags (id bigint, name text NOT NULL);
INSERT INTO tags VALUES (1, 'a'), (2, 'b');
CREATE UNIQUE INDEX tags_id ON tags (id);
-- migration
ALTER TABLE tags ADD CONSTRAINT tags_key PRIMARY KEY USING INDEX tags_id;
