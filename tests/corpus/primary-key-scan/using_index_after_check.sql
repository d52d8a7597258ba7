-- safe
-- given
CREATE TABLE tags (id bigint, name text NOT NULL);
INSERT INTO tags VALUES (1, 'a'), (2, 'b');
CREATE UNIQUE INDEX tags_id ON tags (id);
ALTER TABLE tags ADD CONSTRAINT id_there CHECK (id IS NOT NULL);
-- migration
ALTER TABLE tags ALTER COLUMN id SET NOT NULL;
ALTER TABLE tags ADD CONSTRAINT tags_key PRIMARY KEY USING INDEX tags_id;
