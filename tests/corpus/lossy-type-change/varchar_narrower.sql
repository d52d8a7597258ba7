-- expects: lossy-type-change
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
INSERT INTO orders (id, note) VALUES (1, 'n');
-- migration
ALTER TABLE orders ALTER COLUMN note TYPE varchar(10);
