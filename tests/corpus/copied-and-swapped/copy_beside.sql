-- safe
-- given
CREATE TABLE orders (id bigint PRIMARY KEY, state text);
-- migration
CREATE TABLE orders_sample (LIKE orders INCLUDING ALL);
INSERT INTO orders_sample SELECT * FROM orders WHERE id < 100;
