-- expects: domain-constraint-scan
-- versions: -18
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
CREATE DOMAIN fee_amount AS numeric CHECK (VALUE >= 0);
-- migration
ALTER TABLE orders ADD COLUMN fee fee_amount NOT NULL DEFAULT 0;
