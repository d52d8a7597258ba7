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
INSERT INTO orders VALUES (1, 1, 'new', 1, 'n', now());
-- migration
-- airside: transaction = off
ALTER TABLE orders ADD CONSTRAINT orders_state_there CHECK (state IS NOT NULL) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_state_there;
ALTER TABLE orders ALTER COLUMN state SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT orders_state_there;
