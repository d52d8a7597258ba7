-- expects: type-change
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
ALTER TABLE orders ADD CONSTRAINT note_there CHECK (note <> 'x');
-- migration
ALTER TABLE orders ALTER COLUMN note TYPE varchar(100);
