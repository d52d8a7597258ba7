-- expects: foreign-key-not-valid
-- given
CREATE TABLE customers (id bigint PRIMARY KEY, name text);
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
INSERT INTO customers VALUES (1, 'a');
-- migration
ALTER TABLE orders ADD COLUMN seller_id bigint DEFAULT 1 REFERENCES customers (id);
