-- expects: index-not-concurrent
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
-- migration
SAVEPOINT before_index;
CREATE INDEX orders_state ON orders (state);
RELEASE SAVEPOINT before_index;
