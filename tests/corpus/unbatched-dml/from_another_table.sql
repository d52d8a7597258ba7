-- expects: unbatched-dml
-- given
CREATE TABLE users (id int PRIMARY KEY, country text);
CREATE TABLE orders (id int PRIMARY KEY, user_id int, country text);
-- migration
UPDATE orders SET country = users.country FROM users WHERE users.id = orders.user_id;
