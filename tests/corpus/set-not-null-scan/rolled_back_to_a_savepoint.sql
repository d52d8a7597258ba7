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
SAVEPOINT tried;
ALTER TABLE orders ADD COLUMN region text;
ROLLBACK TO SAVEPOINT tried;
ALTER TABLE orders ADD COLUMN region text DEFAULT 'eu';
