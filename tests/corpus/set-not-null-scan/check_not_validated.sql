-- expects: set-not-null-scan
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
ALTER TABLE orders ADD CONSTRAINT state_there CHECK (state IS NOT NULL) NOT VALID;
-- migration
ALTER TABLE orders ALTER COLUMN state SET NOT NULL;
