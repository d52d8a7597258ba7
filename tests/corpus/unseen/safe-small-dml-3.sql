-- safe
-- timeouts: file
-- given
CREATE TABLE role (id int PRIMARY KEY, name text UNIQUE); CREATE TABLE permission (id int PRIMARY KEY, code text UNIQUE); CREATE TABLE role_permission (role_id int, permission_id int, PRIMARY KEY (role_id, permission_id));
-- migration
INSERT INTO permission (id, code) VALUES (100, 'report.read');
INSERT INTO role_permission (role_id, permission_id)
SELECT r.id, p.id FROM role r CROSS JOIN permission p WHERE r.name = 'admin' AND p.code = 'report.read';
