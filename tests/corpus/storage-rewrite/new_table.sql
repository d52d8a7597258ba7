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
-- migration
CREATE UNLOGGED TABLE staging (id bigint PRIMARY KEY, body text);
ALTER TABLE staging SET LOGGED;
