-- expects: check-not-valid
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
INSERT INTO orders VALUES (1, 1, 'new', 1, 'n', now());
CREATE PROCEDURE guard() LANGUAGE plpgsql AS $$
BEGIN
    ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total >= 0);
END $$;
-- migration
CALL guard();
