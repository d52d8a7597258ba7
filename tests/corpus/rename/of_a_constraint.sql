-- safe
-- given
CREATE TABLE orders (id int PRIMARY KEY, total int, CONSTRAINT c CHECK (total > 0));
-- migration
ALTER TABLE orders RENAME CONSTRAINT c TO orders_total_positive;
