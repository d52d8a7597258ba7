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
INSERT INTO orders (id, note) VALUES (1, 'a'), (2, 'b');
-- migration
CREATE UNIQUE INDEX orders_note ON orders (note);
