-- expects: scan-under-lock
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
ALTER TABLE orders ADD COLUMN region text;
DO $$
DECLARE
    command text := 'ALTER TABLE orders ALTER COLUMN state SET NOT NULL';
BEGIN
    EXECUTE command;
END $$;
