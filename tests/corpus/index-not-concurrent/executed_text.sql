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
-- migration
DO $$
DECLARE
    column_name text;
BEGIN
    FOREACH column_name IN ARRAY ARRAY['state', 'note'] LOOP
        EXECUTE format('CREATE INDEX ON orders (%I)', column_name);
    END LOOP;
END $$;
