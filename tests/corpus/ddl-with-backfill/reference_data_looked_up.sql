-- safe
-- given
CREATE TABLE roles (id int PRIMARY KEY, name text);
CREATE TABLE rights (role_id int REFERENCES roles (id), action text, PRIMARY KEY (role_id, action));
-- migration
ALTER TABLE rights ADD COLUMN note text;
INSERT INTO rights (role_id, action) SELECT id, 'read' FROM roles WHERE name = 'guest' ON CONFLICT DO NOTHING;
