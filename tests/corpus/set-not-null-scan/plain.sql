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
INSERT INTO orders (id, state) VALUES (1, 'new');
-- migration
ALTER TABLE orders ALTER COLUMN state SET NOT NULL;
