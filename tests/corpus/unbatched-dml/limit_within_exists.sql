-- expects: unbatched-dml
-- given
CREATE TABLE users (id int PRIMARY KEY, state text);
CREATE TABLE orders (id int PRIMARY KEY, user_id int);
-- migration
UPDATE users SET state = 'buyer' WHERE EXISTS (SELECT FROM orders WHERE orders.user_id = users.id LIMIT 1);
