-- expects: type-change
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
CREATE TYPE order_state AS ENUM ('new', 'paid');
INSERT INTO orders (id, state) VALUES (1, 'new');
-- migration
ALTER TABLE orders ALTER COLUMN state TYPE order_state USING state::order_state;
