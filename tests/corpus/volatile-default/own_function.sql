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
CREATE FUNCTION new_code() RETURNS text LANGUAGE sql AS 'SELECT md5(random()::text)';
-- migration
ALTER TABLE orders ADD COLUMN code text DEFAULT new_code();
