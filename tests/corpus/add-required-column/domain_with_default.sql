-- safe
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
CREATE DOMAIN region_name AS text DEFAULT 'eu';
INSERT INTO orders (id) VALUES (1);
-- migration
ALTER TABLE orders ADD COLUMN region region_name NOT NULL;
