-- safe
-- given
CREATE TABLE tags (id bigint, name text NOT NULL);
INSERT INTO tags VALUES (1, 'a'), (2, 'b');
CREATE UNIQUE INDEX tags_name ON tags (name);
-- migration
ALTER TABLE tags ADD CONSTRAINT tags_key PRIMARY KEY USING INDEX tags_name;
