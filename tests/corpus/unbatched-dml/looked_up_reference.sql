-- safe
-- given
CREATE TABLE roles (id int PRIMARY KEY, name text UNIQUE);
CREATE TABLE rights (role_id int REFERENCES roles (id), action text, PRIMARY KEY (role_id, action));
-- migration
INSERT INTO rights SELECT id, 'read' FROM roles WHERE name = 'guest';
