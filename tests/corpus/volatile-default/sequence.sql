-- expects: volatile-default
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
CREATE SEQUENCE order_numbers;
ALTER TABLE orders ADD COLUMN number bigint DEFAULT nextval('order_numbers');
