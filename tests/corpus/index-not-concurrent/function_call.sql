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
CREATE FUNCTION build_indexes() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE INDEX orders_state ON orders (state);
END $$;
-- migration
SELECT build_indexes();
